//! Scores as a file or a program gives them, and the panel that they make: each name once, each score with its place.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{Fault, Faults, Groups};

/// How sure an assessor was of a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Less sure than usual: the score weighs λ⁻².
    Low,
    /// As usual: the score weighs 1.
    #[default]
    Medium,
    /// Surer than usual: the score weighs λ².
    High,
}

impl Confidence {
    /// λ of MacKay et al. 2017.
    const LAMBDA: f64 = 1.75;
    /// All of them, by their number.
    pub(super) const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// What a score of this confidence weighs beside one of medium confidence.
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::Low => (Self::LAMBDA * Self::LAMBDA).recip(),
            Self::Medium => 1.0,
            Self::High => Self::LAMBDA * Self::LAMBDA,
        }
    }
}

/// What one assessor gave one bid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The bid's reference.
    pub bid: String,
    /// Who scored it.
    pub assessor: String,
    /// The score, better the higher; none where the assessor gave none.
    pub score: Option<f64>,
    /// How sure the assessor was.
    #[serde(default)]
    pub confidence: Confidence,
    /// The panel that the bid was before, where several sat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The line of the file, for faults.
    #[serde(skip)]
    pub row: Option<usize>,
}

/// The lowest and highest score that the round's scale has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// The worst.
    pub min: f64,
    /// The best.
    pub max: f64,
}

impl Scale {
    /// The scale that the priors of the ranking suit: grades of the Swiss National Science Foundation.
    pub const GRADES: Self = Self { min: 1.0, max: 6.0 };

    /// A score of this scale as a grade from 1 to 6.
    pub(super) fn to_grade(self, score: f64) -> f64 {
        let Self { min, max } = Self::GRADES;
        min + (score - self.min) / (self.max - self.min) * (max - min)
    }
}

impl std::str::FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let told = || format!("{text:?} is no scale: write its lowest and highest score, such as 0:5");
        let (min, max) = text.split_once(':').ok_or_else(told)?;
        let read = |part: &str| part.trim().parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(told);
        let (min, max) = (read(min)?, read(max)?);
        if min < max { Ok(Self { min, max }) } else { Err(told()) }
    }
}

/// One score in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub bid: usize,
    pub assessor: usize,
    pub value: f64,
    pub confidence: Confidence,
}

/// All scores in their places.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    pub bids: Vec<String>,
    pub assessors: Vec<String>,
    pub cells: Vec<Cell>,
    /// The section of each bid.
    pub section: Vec<usize>,
    pub sections: usize,
    /// The connected component of each bid, and then of each assessor.
    pub component: Vec<usize>,
    /// How many components have a score.
    pub components: usize,
    /// How many lines say that an assessor gave no score.
    pub gaps: usize,
}

impl Panel {
    /// The number of bids and of assessors.
    pub fn size(&self) -> (usize, usize) {
        (self.bids.len(), self.assessors.len())
    }

    /// The number of bids and of assessors that have a score.
    pub fn scored(&self) -> (usize, usize) {
        let scored = |counts: Vec<usize>| counts.into_iter().filter(|count| *count > 0).count();
        let (bids, assessors) = self.counts();
        (scored(bids), scored(assessors))
    }

    /// How many scores each bid, and then each assessor, has.
    pub fn counts(&self) -> (Vec<usize>, Vec<usize>) {
        let (mut bids, mut assessors) = (vec![0; self.bids.len()], vec![0; self.assessors.len()]);
        for cell in &self.cells {
            bids[cell.bid] += 1;
            assessors[cell.assessor] += 1;
        }
        (bids, assessors)
    }

    /// The panel without the bids that have no score; the others keep their order.
    pub fn scored_only(&self, counts: &[usize]) -> Self {
        let (bids, _) = self.size();
        let kept: Vec<usize> = (0..bids).filter(|bid| counts[*bid] > 0).collect();
        let mut number = vec![0; bids];
        for (new, bid) in kept.iter().enumerate() {
            number[*bid] = new;
        }
        let component = kept.iter().map(|bid| self.component[*bid]).chain(self.component[bids..].iter().copied());
        Self {
            bids: kept.iter().map(|bid| self.bids[*bid].clone()).collect(),
            cells: self.cells.iter().map(|cell| Cell { bid: number[cell.bid], ..*cell }).collect(),
            section: kept.iter().map(|bid| self.section[*bid]).collect(),
            component: component.collect(),
            ..self.clone()
        }
    }

    /// Puts scores in their places. With `per_section` the same name in two sections is two assessors.
    pub fn new(scores: &[Score], per_section: bool, scale: Option<Scale>) -> Result<Self, Faults> {
        let mut builder = Builder::default();
        for (index, score) in scores.iter().enumerate() {
            builder.add(score, score.row.unwrap_or(index + 1), per_section, scale);
        }
        builder.finish()
    }
}

/// Names with their numbers, in the order in which they came.
#[derive(Default)]
struct Names {
    numbers: HashMap<(String, String), usize>,
    names: Vec<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> usize {
        self.number_within("", name)
    }

    /// The number of a name that stands for somebody of a section alone.
    fn number_within(&mut self, section: &str, name: &str) -> usize {
        let key = (section.to_owned(), name.to_owned());
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = self.names.len();
        self.numbers.insert(key, number);
        self.names.push(if section.is_empty() { name.to_owned() } else { format!("{section}/{name}") });
        number
    }
}

#[derive(Default)]
struct Builder {
    bids: Names,
    assessors: Names,
    sections: Names,
    /// The section of each bid, and the row that said so.
    section: Vec<(usize, usize)>,
    rows: HashMap<(usize, usize), usize>,
    cells: Vec<Cell>,
    gaps: usize,
    faults: Vec<Fault>,
}

impl Builder {
    fn add(&mut self, score: &Score, row: usize, per_section: bool, scale: Option<Scale>) {
        for (column, name) in [("bid", &score.bid), ("assessor", &score.assessor)] {
            if name.trim().is_empty() {
                self.faults.push(Fault::of_cell(row, column, "is empty: give a reference"));
                return;
            }
        }
        let section_name = score.section.as_deref().unwrap_or("");
        let (bid, section) = (self.bids.number(&score.bid), self.sections.number(section_name));
        let assessor = self.assessors.number_within(if per_section { section_name } else { "" }, &score.assessor);
        if bid == self.section.len() {
            self.section.push((section, row));
        }
        let (known, said) = self.section[bid];
        if known != section {
            let place = |name: &str| if name.is_empty() { "no section".to_owned() } else { format!("section {name}") };
            let (here, there) = (place(section_name), place(&self.sections.names[known]));
            let message = format!("bid {} stands in {here} here and in {there} in row {said}: give it one", score.bid);
            self.faults.push(Fault::of_cell(row, "section", message));
        }
        if let Some(earlier) = self.rows.insert((bid, assessor), row) {
            let (who, what) = (&score.assessor, &score.bid);
            let message = format!("{who} scored bid {what} in row {earlier} already: keep one of the two");
            self.faults.push(Fault::of_row(row, message));
        }
        match score.score {
            None => self.gaps += 1,
            Some(value) => self.place(Cell { bid, assessor, value, confidence: score.confidence }, row, scale),
        }
    }

    fn place(&mut self, cell: Cell, row: usize, scale: Option<Scale>) {
        if !cell.value.is_finite() || cell.value.abs() > 1e9 {
            let message =
                format!("{} is no score: give a number, or leave the cell empty where there is none", cell.value);
            self.faults.push(Fault::of_cell(row, "score", message));
        } else if let Some(Scale { min, max }) = scale.filter(|scale| cell.value < scale.min || cell.value > scale.max)
        {
            let message = format!("{} lies outside the scale {min}:{max}: mend the score or the scale", cell.value);
            self.faults.push(Fault::of_cell(row, "score", message));
        }
        self.cells.push(cell);
    }

    fn finish(self) -> Result<Panel, Faults> {
        Faults::none_or(self.faults)?;
        if self.cells.is_empty() {
            return Err(Fault::of_all("there is no score: a ranking needs at least one").into());
        }
        let bids = self.bids.names.len();
        let mut groups = Groups::new(bids + self.assessors.names.len());
        for cell in &self.cells {
            groups.join(cell.bid, bids + cell.assessor);
        }
        let component = groups.numbered().0;
        let mut scored: Vec<usize> = self.cells.iter().map(|cell| component[cell.bid]).collect();
        scored.sort_unstable();
        scored.dedup();
        Ok(Panel {
            bids: self.bids.names,
            assessors: self.assessors.names,
            cells: self.cells,
            section: self.section.into_iter().map(|(section, _)| section).collect(),
            sections: self.sections.names.len(),
            component,
            components: scored.len(),
            gaps: self.gaps,
        })
    }
}
