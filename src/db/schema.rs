//! The tables, as both migration folders make them; a test compares this file with both databases.
#![expect(missing_docs, reason = "the migrations and the rooms' models say what a column is")]

diesel::table! {
    use crate::db::columns::sql::*;

    chains (subject) {
        subject -> Id,
        kind -> Text,
        length -> BigInt,
        head -> Binary,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    events (chain, seq) {
        chain -> Id,
        seq -> BigInt,
        kind -> Text,
        at -> Moment,
        data -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    checkpoints (id) {
        id -> Id,
        at -> Moment,
        data -> Text,
        signature -> Binary,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    jobs (id) {
        id -> Id,
        kind -> Text,
        payload -> Doc,
        run_at -> Moment,
        state -> Text,
        attempts -> Integer,
        lease_until -> Nullable<Moment>,
        unique_key -> Nullable<Text>,
        error -> Nullable<Text>,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    outbox (id) {
        id -> Id,
        template -> Text,
        recipient -> Text,
        person_id -> Nullable<Id>,
        bid_id -> Nullable<Id>,
        round_id -> Nullable<Id>,
        data -> Doc,
        unique_key -> Text,
        state -> Text,
        attempts -> Integer,
        next_at -> Moment,
        created_at -> Moment,
        sent_at -> Nullable<Moment>,
        error -> Nullable<Text>,
        text_id -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    mail_texts (id) {
        id -> Id,
        round_id -> Id,
        template -> Text,
        language -> Text,
        number -> Integer,
        subject -> Nullable<Text>,
        body -> Nullable<Text>,
        made_by -> Nullable<Id>,
        made_at -> Moment,
        salt -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    idempotency (actor, key) {
        actor -> Text,
        key -> Text,
        fingerprint -> Binary,
        answer -> Text,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    rate_limits (bucket) {
        bucket -> Text,
        arrival -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    organisations (id) {
        id -> Id,
        code -> Text,
        name -> Text,
        kind -> Text,
        nation -> Text,
        ons_code -> Nullable<Text>,
        org_id -> Nullable<Text>,
        mail_domain -> Nullable<Text>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        replaced_by -> Nullable<Id>,
        signed_declaration -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    organisation_names (folded, organisation_id) {
        folded -> Text,
        organisation_id -> Id,
        name -> Text,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    people (id) {
        id -> Id,
        email -> Text,
        name -> Text,
        service_admin -> Bool,
        created_at -> Moment,
        version -> Integer,
        language -> Text,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    memberships (id) {
        id -> Id,
        person_id -> Id,
        organisation_id -> Id,
        role -> Text,
        created_at -> Moment,
        ended_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    sign_in_links (id) {
        id -> Id,
        email -> Text,
        person_id -> Nullable<Id>,
        browser -> Binary,
        link -> Binary,
        code -> Binary,
        created_at -> Moment,
        expires_at -> Moment,
        wrong -> Integer,
        used_at -> Nullable<Moment>,
        return_to -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    kept_forms (id) {
        id -> Id,
        person_id -> Id,
        browser -> Binary,
        path -> Text,
        body -> Text,
        kept_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    sessions (id) {
        id -> Id,
        person_id -> Id,
        token -> Binary,
        device -> Text,
        created_at -> Moment,
        seen_at -> Moment,
        fresh_at -> Moment,
        ended_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    api_clients (id) {
        id -> Id,
        name -> Text,
        organisation_id -> Nullable<Id>,
        fund_id -> Nullable<Id>,
        role -> Text,
        secret -> Binary,
        created_by -> Id,
        created_at -> Moment,
        revoked_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    funds (id) {
        id -> Id,
        slug -> Text,
        name -> Text,
        summary -> Text,
        funder -> Text,
        funder_org_id -> Nullable<Text>,
        created_at -> Moment,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    fund_roles (id) {
        id -> Id,
        fund_id -> Id,
        person_id -> Id,
        role -> Text,
        created_at -> Moment,
        ended_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    rounds (id) {
        id -> Id,
        fund_id -> Id,
        slug -> Text,
        title -> Text,
        summary -> Text,
        prefix -> Text,
        budget_pence -> BigInt,
        state -> Text,
        note -> Nullable<Text>,
        published_at -> Nullable<Moment>,
        created_at -> Moment,
        version -> Integer,
        cancelled_at -> Nullable<Moment>,
        cancelled_because -> Nullable<Text>,
        replaces_id -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    budget_changes (id) {
        id -> Id,
        round_id -> Id,
        number -> Integer,
        from_pence -> BigInt,
        to_pence -> BigInt,
        reason -> Text,
        made_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    milestones (id) {
        id -> Id,
        round_id -> Id,
        name -> Text,
        at -> Moment,
        passed_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::{Bool, Integer, Nullable, Text};

    milestone_changes (id) {
        id -> Id,
        round_id -> Id,
        bid_id -> Nullable<Id>,
        milestone -> Text,
        number -> Integer,
        from_at -> Moment,
        to_at -> Moment,
        ground -> Text,
        reason -> Text,
        at_once -> Bool,
        made_by -> Id,
        made_at -> Moment,
        confirmed_by -> Nullable<Id>,
        confirmed_at -> Nullable<Moment>,
        ended -> Nullable<Doc>,
        objection -> Nullable<Doc>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::Integer;

    round_reminders (round_id) {
        round_id -> Id,
        days -> Doc,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::Nullable;

    reopenings (change_id) {
        change_id -> Id,
        questions -> Doc,
        set_aside -> Nullable<Doc>,
        used_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::{Integer, Nullable, Text};

    round_questions (id) {
        id -> Id,
        round_id -> Id,
        organisation_id -> Id,
        number -> Integer,
        asked -> Text,
        asked_by -> Id,
        asked_at -> Moment,
        state -> Text,
        refused_because -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::{Integer, Nullable, Text};

    clarifications (id) {
        id -> Id,
        bid_id -> Id,
        number -> Integer,
        question -> Text,
        asked_by -> Id,
        asked_at -> Moment,
        until_at -> Moment,
        answer -> Text,
        answered_by -> Nullable<Id>,
        answered_at -> Nullable<Moment>,
        taken_back_at -> Nullable<Moment>,
        taken_back_because -> Nullable<Text>,
        version -> Integer,
        drafts -> Integer,
        salt -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::{Integer, Text};

    round_answers (question_id, number) {
        question_id -> Id,
        number -> Integer,
        question -> Text,
        answer -> Text,
        answered_by -> Id,
        answered_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    rulebooks (id) {
        id -> Id,
        round_id -> Id,
        number -> Integer,
        data -> Text,
        hash -> Binary,
        reason -> Text,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    workflows (id) {
        id -> Id,
        round_id -> Id,
        number -> Integer,
        data -> Text,
        hash -> Binary,
        created_at -> Moment,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    workflow_drafts (round_id) {
        round_id -> Id,
        data -> Nullable<Text>,
        updated_by -> Nullable<Id>,
        updated_at -> Moment,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    workflow_moves (id) {
        id -> Id,
        round_id -> Id,
        from_number -> Integer,
        to_number -> Integer,
        moved_at -> Moment,
        undone_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    workflow_moved_bids (move_id, bid_id) {
        move_id -> Id,
        bid_id -> Id,
        from_state -> Text,
        to_state -> Text,
        bid_version -> Integer,
        seq -> BigInt,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    bids (id) {
        id -> Id,
        reference -> Text,
        round_id -> Id,
        lead_id -> Id,
        workflow_id -> Id,
        state -> Text,
        kind -> Text,
        title -> Text,
        phase -> Nullable<Text>,
        ask_pence -> Nullable<BigInt>,
        submitted_at -> Nullable<Moment>,
        known -> Doc,
        created_by -> Id,
        created_at -> Moment,
        updated_at -> Moment,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    answers (id) {
        id -> Id,
        bid_id -> Id,
        stage -> Text,
        question -> Text,
        value -> Doc,
        complete -> Bool,
        version -> Integer,
        updated_by -> Id,
        updated_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::{Bool, Integer, Nullable, Text};

    answer_versions (id) {
        id -> Id,
        bid_id -> Id,
        stage -> Text,
        question -> Text,
        number -> Integer,
        value -> Doc,
        complete -> Bool,
        written_by -> Nullable<Id>,
        organisation_id -> Nullable<Id>,
        written_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::{Nullable, Text};

    answer_comments (id) {
        id -> Id,
        bid_id -> Id,
        stage -> Text,
        question -> Text,
        words -> Text,
        written_by -> Id,
        organisation_id -> Id,
        written_at -> Moment,
        resolved_by -> Nullable<Id>,
        resolved_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;
    use diesel::sql_types::{Date, Integer, Nullable, Text};

    question_assignments (id) {
        id -> Id,
        bid_id -> Id,
        stage -> Text,
        question -> Text,
        organisation_id -> Nullable<Id>,
        due_on -> Nullable<Date>,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    bid_versions (id) {
        id -> Id,
        bid_id -> Id,
        stage -> Text,
        number -> Integer,
        data -> Text,
        hash -> Binary,
        submitted_at -> Moment,
        submitted_by -> Id,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    files (hash) {
        hash -> Text,
        bytes -> BigInt,
        state -> Text,
        touched_at -> Moment,
        scanned_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    documents (id) {
        id -> Id,
        bid_id -> Id,
        stage -> Text,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        hash -> Text,
        uploaded_by -> Nullable<Id>,
        organisation_id -> Nullable<Id>,
        uploaded_at -> Moment,
        taken_out_at -> Nullable<Moment>,
        kept -> Bool,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    cost_lines (id) {
        id -> Id,
        bid_id -> Id,
        position -> Integer,
        category -> Text,
        organisation_id -> Nullable<Id>,
        description -> Text,
        pence -> BigInt,
        kind -> Nullable<Text>,
        in_kind -> Bool,
        own_money -> Bool,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    promises (id) {
        id -> Id,
        bid_id -> Id,
        position -> Integer,
        measure -> Text,
        unit -> Text,
        baseline -> Nullable<Double>,
        target -> Double,
        due_on -> Nullable<Date>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    holds (id) {
        id -> Id,
        bid_id -> Id,
        number -> Integer,
        reason -> Text,
        placed_by -> Id,
        placed_at -> Moment,
        lifted_by -> Nullable<Id>,
        lifted_at -> Nullable<Moment>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    partners (id) {
        id -> Id,
        bid_id -> Id,
        organisation_id -> Id,
        role -> Text,
        state -> Text,
        share_pence -> BigInt,
        sponsor -> Text,
        reason -> Nullable<Text>,
        invited_by -> Id,
        invited_at -> Moment,
        answered_by -> Nullable<Id>,
        answered_at -> Nullable<Moment>,
        version -> Integer,
        kind -> Nullable<Text>,
        replaced_by -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    partner_parts (partner_id) {
        partner_id -> Id,
        from_on -> Nullable<Date>,
        to_on -> Nullable<Date>,
        cash_pence -> BigInt,
        in_kind_pence -> BigInt,
        in_kind -> Text,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    partner_people (partner_id) {
        partner_id -> Id,
        sponsor_name -> Text,
        contact_name -> Text,
        contact_email -> Text,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    organisation_requests (id) {
        id -> Id,
        fund_id -> Id,
        name -> Text,
        kind -> Text,
        nation -> Text,
        about -> Text,
        contact_name -> Text,
        contact_email -> Text,
        website -> Text,
        state -> Text,
        asked_by -> Id,
        asked_at -> Moment,
        answered_at -> Nullable<Moment>,
        reason -> Nullable<Text>,
        organisation_id -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    organisation_request_bids (request_id, bid_id) {
        request_id -> Id,
        bid_id -> Id,
        terms -> Doc,
        asked_by -> Id,
        asked_at -> Moment,
        said -> Nullable<Doc>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    partnership_proposals (id) {
        id -> Id,
        bid_id -> Id,
        kind -> Text,
        other_bid_id -> Nullable<Id>,
        organisation_id -> Id,
        stage -> Text,
        terms -> Doc,
        words -> Text,
        state -> Text,
        proposed_by -> Id,
        proposed_for -> Id,
        proposed_at -> Moment,
        ended_at -> Nullable<Moment>,
        ended_why -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    partnership_consents (proposal_id, side) {
        proposal_id -> Id,
        side -> Text,
        organisation_id -> Nullable<Id>,
        asked_at -> Moment,
        agreed_at -> Nullable<Moment>,
        person_id -> Nullable<Id>,
        seen -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    sign_offs (id) {
        id -> Id,
        bid_id -> Id,
        organisation_id -> Id,
        hash -> Binary,
        state -> Text,
        requested_by -> Id,
        requested_at -> Moment,
        person_id -> Nullable<Id>,
        answered_at -> Nullable<Moment>,
        words -> Nullable<Text>,
        version -> Integer,
        terms_hash -> Nullable<Binary>,
        signed_text -> Nullable<Text>,
        signed_for -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    signatory_deputies (id) {
        id -> Id,
        organisation_id -> Id,
        principal_id -> Id,
        deputy_id -> Id,
        from_day -> Date,
        until_day -> Date,
        reason -> Text,
        named_by -> Id,
        named_at -> Moment,
        ended_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    register_entries (id) {
        id -> Id,
        entry_key -> Text,
        title -> Text,
        summary -> Text,
        organisations -> Text,
        kind -> Text,
        status -> Text,
        url -> Nullable<Text>,
        source -> Text,
        started -> Nullable<Text>,
        added_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    prior_work (id) {
        id -> Id,
        bid_id -> Id,
        entry_id -> Id,
        why -> Text,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    assignments (id) {
        id -> Id,
        bid_id -> Id,
        person_id -> Id,
        assigned_by -> Id,
        assigned_at -> Moment,
        submitted_at -> Nullable<Moment>,
        ended_at -> Nullable<Moment>,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    readers_lost (bid_id, person_id, lost_at) {
        bid_id -> Id,
        person_id -> Id,
        lost_at -> Moment,
        closed_at -> Nullable<Moment>,
        closed_by -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    conflicts (id) {
        id -> Id,
        person_id -> Id,
        bid_id -> Nullable<Id>,
        organisation_id -> Nullable<Id>,
        origin -> Text,
        reason -> Text,
        created_by -> Id,
        created_at -> Moment,
        lifted_at -> Nullable<Moment>,
        until_at -> Nullable<Moment>,
        lifted_by -> Nullable<Id>,
        lifted_because -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    suggestions_set_aside (id) {
        id -> Id,
        person_id -> Id,
        bid_id -> Id,
        grounds -> Doc,
        reason -> Text,
        answered_by -> Id,
        answered_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    scores (id) {
        id -> Id,
        bid_id -> Id,
        person_id -> Id,
        criterion -> Text,
        number -> Integer,
        value -> Integer,
        justification -> Text,
        confidence -> Text,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    assessor_pools (round_id) {
        round_id -> Id,
        areas -> Doc,
        terms -> Text,
        expected_bids -> Nullable<Integer>,
        reminder_days -> Doc,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    assessor_terms (round_id, number) {
        round_id -> Id,
        number -> Integer,
        words -> Text,
        sha256 -> Text,
        since -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    pool_places (id) {
        id -> Id,
        round_id -> Id,
        person_id -> Id,
        areas -> Doc,
        least_asked -> Nullable<Integer>,
        most_asked -> Nullable<Integer>,
        answer_by -> Moment,
        message -> Text,
        invited_by -> Id,
        invited_at -> Moment,
        state -> Text,
        answered_at -> Nullable<Moment>,
        said -> Doc,
        gave_role -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    scores_wanted (round_id) {
        round_id -> Id,
        wanted_by -> Nullable<Moment>,
        reminder_days -> Doc,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    reading_reminders (round_id, person_id) {
        round_id -> Id,
        person_id -> Id,
        reminded_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    assessor_preferences (person_id, bid_id) {
        person_id -> Id,
        bid_id -> Id,
        preference -> Text,
        said_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    moderations (round_id) {
        round_id -> Id,
        opened_by -> Id,
        opened_at -> Moment,
        reason -> Text,
        salt -> Text,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    queries (id) {
        id -> Id,
        bid_id -> Id,
        number -> Integer,
        kind -> Text,
        words -> Text,
        salt -> Text,
        person_id -> Id,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    query_steps (id) {
        id -> Id,
        query_id -> Id,
        number -> Integer,
        step -> Text,
        words -> Text,
        said_to -> Text,
        salt -> Text,
        person_id -> Id,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    gateway_marks (id) {
        id -> Id,
        bid_id -> Id,
        number -> Integer,
        item -> Text,
        mark -> Text,
        reason -> Text,
        about -> Integer,
        salt -> Text,
        person_id -> Id,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    moderation_steps (id) {
        id -> Id,
        bid_id -> Id,
        number -> Integer,
        step -> Text,
        reason -> Text,
        scores -> Doc,
        present -> Doc,
        salt -> Text,
        person_id -> Id,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    interview_slots (id) {
        id -> Id,
        round_id -> Id,
        number -> Integer,
        starts_at -> Moment,
        minutes -> Integer,
        place -> Text,
        joining -> Text,
        bid_id -> Nullable<Id>,
        chosen_at -> Nullable<Moment>,
        chosen_by -> Nullable<Id>,
        cancelled_at -> Nullable<Moment>,
        reason -> Text,
        created_by -> Id,
        created_at -> Moment,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    interview_seats (id) {
        id -> Id,
        slot_id -> Id,
        person_id -> Id,
        named_by -> Id,
        named_at -> Moment,
        submitted_at -> Nullable<Moment>,
        ended_at -> Nullable<Moment>,
        absent -> Nullable<Text>,
        absent_salt -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    interview_slides (id) {
        id -> Id,
        bid_id -> Id,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        hash -> Text,
        uploaded_by -> Nullable<Id>,
        organisation_id -> Nullable<Id>,
        uploaded_at -> Moment,
        taken_out_at -> Nullable<Moment>,
        taken_out_by -> Nullable<Id>,
        replaced_by -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    rankings (id) {
        id -> Id,
        round_id -> Id,
        number -> Integer,
        made_by -> Id,
        made_at -> Moment,
        basis -> Text,
        scores -> Text,
        salt -> Text,
        result -> Text,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    award_lists (id) {
        id -> Id,
        round_id -> Id,
        number -> Integer,
        made_by -> Id,
        made_at -> Moment,
        basis -> Text,
        salt -> Text,
        result -> Text,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    draws (id) {
        id -> Id,
        round_id -> Id,
        number -> Integer,
        made_by -> Id,
        made_at -> Moment,
        basis -> Text,
        commitment -> Text,
        known_from -> Moment,
        places_reason -> Nullable<Text>,
        again_reason -> Nullable<Text>,
        ended_by -> Nullable<Id>,
        ended_at -> Nullable<Moment>,
        withdrawn_reason -> Nullable<Text>,
        looked_up -> Nullable<Text>,
        entered_by -> Nullable<Id>,
        drawn -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    assignment_plans (id) {
        id -> Id,
        round_id -> Id,
        number -> Integer,
        made_by -> Id,
        made_at -> Moment,
        inputs -> Text,
        salt -> Text,
        result -> Text,
        applied_by -> Nullable<Id>,
        applied_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    assignment_pins (id) {
        id -> Id,
        round_id -> Id,
        bid_id -> Id,
        person_id -> Id,
        kind -> Text,
        reason -> Text,
        cost -> Nullable<BigInt>,
        made_by -> Id,
        made_at -> Moment,
        lifted_by -> Nullable<Id>,
        lifted_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    sift_marks (id) {
        id -> Id,
        bid_id -> Id,
        question -> Text,
        number -> Integer,
        mark -> Text,
        caveat -> Nullable<Text>,
        person_id -> Id,
        created_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    approval_requests (id) {
        id -> Id,
        round_id -> Id,
        bid_id -> Nullable<Id>,
        subject -> Text,
        body -> Nullable<Doc>,
        requested_by -> Id,
        requested_at -> Moment,
        ended_at -> Nullable<Moment>,
        ended_by -> Nullable<Id>,
        ending -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    approvals (id) {
        id -> Id,
        request_id -> Id,
        person_id -> Id,
        counts_as -> Id,
        hash -> Binary,
        approved_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    deputies (id) {
        id -> Id,
        fund_id -> Id,
        principal_id -> Id,
        deputy_id -> Id,
        from_day -> Date,
        until_day -> Date,
        reason -> Text,
        named_by -> Id,
        named_at -> Moment,
        ended_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    decisions (id) {
        id -> Id,
        bid_id -> Id,
        gate -> Text,
        transition -> Text,
        to_state -> Text,
        release -> Nullable<Text>,
        amount_pence -> Nullable<BigInt>,
        place -> Nullable<Integer>,
        reason -> Nullable<Text>,
        feedback -> Text,
        decided_by -> Id,
        decided_at -> Moment,
        recorded_at -> Nullable<Moment>,
        version -> Integer,
        no_mail -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    decisions_taken_back (id) {
        id -> Id,
        bid_id -> Id,
        gate -> Text,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    releases (id) {
        id -> Id,
        round_id -> Id,
        milestone -> Text,
        approved_by -> Id,
        approved_at -> Moment,
        recorded_at -> Nullable<Moment>,
        no_mail -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    projects (id) {
        id -> Id,
        bid_id -> Id,
        round_id -> Id,
        lead_id -> Id,
        title -> Text,
        award_pence -> BigInt,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        created_at -> Moment,
        version -> Integer,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    outcomes (id) {
        id -> Id,
        project_id -> Id,
        position -> Integer,
        measure -> Text,
        unit -> Text,
        baseline -> Nullable<Double>,
        target -> Double,
        due_on -> Nullable<Date>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    deliveries (id) {
        id -> Id,
        outcome_id -> Id,
        value -> Double,
        note -> Text,
        reported_by -> Id,
        reported_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    withdrawals (bid_id) {
        bid_id -> Id,
        withdrawn_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    choices_of_bids (bid_id) {
        bid_id -> Id,
        put_forward -> Bool,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    networks (code) {
        code -> Text,
        name -> Text,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    network_members (network, organisation_id) {
        network -> Text,
        organisation_id -> Id,
        state -> Text,
        from_day -> Nullable<Date>,
        recorded_by -> Nullable<Id>,
        recorded_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    organisation_profiles (organisation_id) {
        organisation_id -> Id,
        said -> Doc,
        version -> Integer,
        changed_by -> Nullable<Id>,
        changed_at -> Moment,
    }
}

diesel::table! {
    use crate::db::columns::sql::*;

    bid_hours (bid_id, organisation_id, version) {
        bid_id -> Id,
        organisation_id -> Id,
        hours -> Nullable<Integer>,
        version -> Integer,
        given_by -> Nullable<Id>,
        given_at -> Moment,
    }
}

diesel::joinable!(events -> chains (chain));
diesel::joinable!(organisation_names -> organisations (organisation_id));
diesel::joinable!(memberships -> people (person_id));
diesel::joinable!(memberships -> organisations (organisation_id));
diesel::joinable!(sign_in_links -> people (person_id));
diesel::joinable!(kept_forms -> people (person_id));
diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(api_clients -> organisations (organisation_id));
diesel::joinable!(api_clients -> people (created_by));
diesel::joinable!(fund_roles -> funds (fund_id));
diesel::joinable!(fund_roles -> people (person_id));
diesel::joinable!(rounds -> funds (fund_id));
diesel::joinable!(milestones -> rounds (round_id));
diesel::joinable!(milestone_changes -> rounds (round_id));
diesel::joinable!(milestone_changes -> bids (bid_id));
diesel::joinable!(round_questions -> rounds (round_id));
diesel::joinable!(round_questions -> organisations (organisation_id));
diesel::joinable!(round_answers -> round_questions (question_id));
diesel::joinable!(rulebooks -> rounds (round_id));
diesel::joinable!(budget_changes -> rounds (round_id));
diesel::joinable!(workflows -> rounds (round_id));
diesel::joinable!(bids -> rounds (round_id));
diesel::joinable!(bids -> organisations (lead_id));
diesel::joinable!(bids -> workflows (workflow_id));
diesel::joinable!(bids -> people (created_by));
diesel::joinable!(network_members -> networks (network));
diesel::joinable!(network_members -> organisations (organisation_id));
diesel::joinable!(withdrawals -> bids (bid_id));
diesel::joinable!(choices_of_bids -> bids (bid_id));
diesel::joinable!(answers -> bids (bid_id));
diesel::joinable!(answers -> people (updated_by));
diesel::joinable!(answer_versions -> bids (bid_id));
diesel::joinable!(answer_comments -> bids (bid_id));
diesel::joinable!(question_assignments -> bids (bid_id));
diesel::joinable!(bid_hours -> bids (bid_id));
diesel::joinable!(bid_versions -> bids (bid_id));
diesel::joinable!(bid_versions -> people (submitted_by));
diesel::joinable!(cost_lines -> bids (bid_id));
diesel::joinable!(cost_lines -> organisations (organisation_id));
diesel::joinable!(promises -> bids (bid_id));
diesel::joinable!(clarifications -> bids (bid_id));
diesel::joinable!(holds -> bids (bid_id));
diesel::joinable!(partners -> bids (bid_id));
diesel::joinable!(partners -> organisations (organisation_id));
diesel::joinable!(partner_parts -> partners (partner_id));
diesel::joinable!(partner_people -> partners (partner_id));
diesel::joinable!(organisation_request_bids -> organisation_requests (request_id));
diesel::joinable!(organisation_request_bids -> bids (bid_id));
diesel::joinable!(signatory_deputies -> organisations (organisation_id));
diesel::joinable!(partnership_proposals -> bids (bid_id));
diesel::joinable!(partnership_consents -> partnership_proposals (proposal_id));
diesel::joinable!(sign_offs -> bids (bid_id));
diesel::joinable!(sign_offs -> organisations (organisation_id));
diesel::joinable!(prior_work -> bids (bid_id));
diesel::joinable!(prior_work -> register_entries (entry_id));
diesel::joinable!(assignments -> bids (bid_id));
diesel::joinable!(readers_lost -> bids (bid_id));
diesel::joinable!(conflicts -> bids (bid_id));
diesel::joinable!(conflicts -> organisations (organisation_id));
diesel::joinable!(suggestions_set_aside -> bids (bid_id));
diesel::joinable!(scores -> bids (bid_id));
diesel::joinable!(scores -> people (person_id));
diesel::joinable!(assessor_preferences -> bids (bid_id));
diesel::joinable!(moderations -> people (opened_by));
diesel::joinable!(queries -> bids (bid_id));
diesel::joinable!(queries -> people (person_id));
diesel::joinable!(query_steps -> queries (query_id));
diesel::joinable!(gateway_marks -> bids (bid_id));
diesel::joinable!(gateway_marks -> people (person_id));
diesel::joinable!(moderation_steps -> bids (bid_id));
diesel::joinable!(moderation_steps -> people (person_id));
diesel::joinable!(interview_slots -> rounds (round_id));
diesel::joinable!(interview_slots -> bids (bid_id));
diesel::joinable!(interview_seats -> interview_slots (slot_id));
diesel::joinable!(rankings -> people (made_by));
diesel::joinable!(award_lists -> people (made_by));
diesel::joinable!(assignment_plans -> people (made_by));
diesel::joinable!(assignment_pins -> bids (bid_id));
diesel::joinable!(pool_places -> people (person_id));
diesel::joinable!(pool_places -> rounds (round_id));
diesel::joinable!(sift_marks -> bids (bid_id));
diesel::joinable!(sift_marks -> people (person_id));
diesel::joinable!(approval_requests -> people (requested_by));
diesel::joinable!(approvals -> approval_requests (request_id));
diesel::joinable!(approvals -> people (person_id));
diesel::joinable!(deputies -> funds (fund_id));
diesel::joinable!(decisions -> bids (bid_id));
diesel::joinable!(decisions -> people (decided_by));
diesel::joinable!(decisions_taken_back -> bids (bid_id));
diesel::joinable!(workflow_drafts -> people (updated_by));
diesel::joinable!(workflow_moved_bids -> bids (bid_id));
diesel::joinable!(releases -> rounds (round_id));
diesel::joinable!(releases -> people (approved_by));
diesel::joinable!(projects -> bids (bid_id));
diesel::joinable!(projects -> rounds (round_id));
diesel::joinable!(projects -> organisations (lead_id));
diesel::joinable!(outcomes -> projects (project_id));
diesel::joinable!(deliveries -> outcomes (outcome_id));
diesel::joinable!(deliveries -> people (reported_by));
diesel::joinable!(reopenings -> milestone_changes (change_id));

diesel::allow_tables_to_appear_in_same_query!(
    chains,
    events,
    checkpoints,
    jobs,
    outbox,
    idempotency,
    rate_limits,
    organisations,
    organisation_names,
    organisation_profiles,
    people,
    memberships,
    sign_in_links,
    kept_forms,
    sessions,
    api_clients,
    funds,
    fund_roles,
    rounds,
    milestones,
    milestone_changes,
    reopenings,
    round_questions,
    round_answers,
    rulebooks,
    budget_changes,
    workflows,
    workflow_drafts,
    workflow_moves,
    workflow_moved_bids,
    networks,
    network_members,
    bids,
    withdrawals,
    choices_of_bids,
    answers,
    answer_versions,
    answer_comments,
    question_assignments,
    bid_hours,
    bid_versions,
    files,
    documents,
    cost_lines,
    promises,
    clarifications,
    holds,
    partners,
    partner_parts,
    partner_people,
    organisation_requests,
    organisation_request_bids,
    partnership_proposals,
    partnership_consents,
    sign_offs,
    signatory_deputies,
    register_entries,
    prior_work,
    assignments,
    readers_lost,
    conflicts,
    suggestions_set_aside,
    scores,
    assessor_pools,
    assessor_terms,
    pool_places,
    scores_wanted,
    reading_reminders,
    assessor_preferences,
    queries,
    query_steps,
    gateway_marks,
    moderations,
    moderation_steps,
    interview_slots,
    interview_seats,
    interview_slides,
    rankings,
    award_lists,
    draws,
    assignment_plans,
    assignment_pins,
    sift_marks,
    approval_requests,
    approvals,
    deputies,
    decisions,
    decisions_taken_back,
    releases,
    projects,
    outcomes,
    deliveries,
);
