"""Holds the rounds of a running demonstration against CommonGrants 0.4: its contract, and its own client.

    common_grants.py ADDRESS SHARED FOLDER

SHARED is the folder that holds data/commongrants-openapi.0.4.0.yaml; FOLDER takes what schemathesis reads.
"""

import json
import subprocess
import sys
import urllib.request
import uuid
from pathlib import Path

import yaml
from common_grants_sdk.client import Client, Config
from common_grants_sdk.client.exceptions import APIError
from common_grants_sdk.schemas.pydantic.models.opp_status import OppStatusOptions

TIME = "CommonGrants.Types.isoTime"


def hold(holds, otherwise):
    if not holds:
        sys.exit(otherwise)


def read_with_the_client(address):
    """What a program does that knows the protocol and nothing of us."""
    with urllib.request.urlopen(f"{address}/api/v1/rounds") as answer:
        rounds = {round["id"]: round["title"] for round in json.load(answer)["items"]}
    opportunities = Client(Config(base_url=address, api_key="none")).opportunities
    listed = opportunities.list()
    hold(not listed.errors, f"The client cannot read these: {listed.errors}")
    hold({str(item.id): item.title for item in listed.items} == rounds, f"The client lists {listed.items}, there are {rounds}")
    for item in listed.items:
        hold(opportunities.get(item.id).title == item.title, f"The client gets another thing for {item.id}")
    hold(len(opportunities.list(page=2, page_size=1).items) == 1, "The second page of one has not one opportunity")
    found = opportunities.search(search="local digital fund, round 1")
    hold([item.title for item in found.items] == ["Local Digital Fund, round 1"], f"The client finds {found.items}")
    hold(not found.errors and not found.filter_info.errors, f"The client complains: {found}")
    opened = opportunities.search(status=[OppStatusOptions.OPEN])
    statuses = {str(item.status.value) for item in opened.items}
    hold(statuses == {"open"} and len(opened.items) < len(rounds), f"The client finds as open: {opened.items}")
    hold(not opportunities.search(search="no such words").items, "The client finds what nobody wrote")
    for wrong, status in ((lambda: opportunities.get(uuid.UUID(int=0)), 404), (lambda: opportunities.list(page=0), 422)):
        try:
            wrong()
            sys.exit(f"The client heard no refusal; {status} was expected")
        except APIError as refusal:
            hold(refusal.error.status == status, f"The client hears {refusal}, not {status}")
    print(f"The protocol's own client lists, gets and searches {len(rounds)} rounds.")


def hold_against_the_contract(address, shared, folder):
    path = shared / "data" / "commongrants-openapi.0.4.0.yaml"
    hold(path.is_file(), f"{path} is missing: give the folder that holds data/ as argument.")
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    # A clock's time "without a timezone", of which the contract's example is 17:00:00; but the format that it names is that
    # of RFC 3339, which demands an offset and refuses the example.
    clock = contract["components"]["schemas"][TIME]
    hold(clock.pop("format") == "time", f"{TIME} was mended: it needs no mending here any more.")
    clock["pattern"] = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"
    (folder / "common-grants.json").write_text(json.dumps(contract), encoding="utf-8")
    (folder / "common-grants.toml").write_text("", encoding="utf-8")
    # The contract documents no refusal of what it does not allow, so only what it allows is sent, and without NUL, which the
    # service refuses in every request because PostgreSQL cannot store it.
    command = [
        Path(sys.executable).with_name("schemathesis"), "--config-file", "common-grants.toml", "run", "common-grants.json",
        "--url", address, "--no-color", "--include-tag", "required", "--include-tag", "optional", "--mode", "positive",
        "--generation-allow-x00", "false", "--generation-deterministic", "--max-examples", "50",
    ]
    hold(subprocess.run(command, cwd=folder, check=False).returncode == 0, "The service does not keep to the contract.")


def main(address, shared, folder):
    read_with_the_client(address)
    hold_against_the_contract(address, Path(shared), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
