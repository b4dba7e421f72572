//! Collects institutions that are found again and again.

/// Institutions that something leads to, in several ways; of those the least counts.
pub(crate) struct Best<T> {
    /// A place for each institution.
    places: Vec<Option<T>>,
    documents: Vec<u32>,
}

/// With more than one institution in so many, all institutions are gone through to have them in order; else those that were
/// found are sorted.
const FEW: usize = 16;

impl<T: Copy + Ord> Best<T> {
    /// With room for so many institutions.
    pub(crate) fn of(documents: usize) -> Self {
        Self { places: vec![None; documents], documents: Vec::new() }
    }

    /// Makes room for so many institutions.
    pub(crate) fn make_room(&mut self, documents: usize) {
        self.places.resize(documents, None);
    }

    /// Adds a way that leads to an institution.
    pub(crate) fn add(&mut self, document: u32, value: T) {
        let Some(place) = self.places.get_mut(document as usize) else { return };
        if let Some(known) = place {
            *known = value.min(*known);
        } else {
            *place = Some(value);
            self.documents.push(document);
        }
    }

    /// All of them, each once.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, T)> {
        self.documents.iter().filter_map(|&document| Some((document, (*self.places.get(document as usize)?)?)))
    }

    /// Takes all of them out, in order.
    pub(crate) fn take(&mut self) -> Vec<(u32, T)> {
        let mut all = Vec::with_capacity(self.documents.len());
        if self.documents.len() > self.places.len() / FEW {
            let taken = (0..).zip(&mut self.places).filter_map(|(document, place)| Some((document, place.take()?)));
            all.extend(taken);
        } else {
            self.documents.sort_unstable();
            let taken = self.documents.iter().filter_map(|document| {
                let place = self.places.get_mut(*document as usize)?;
                Some((*document, place.take()?))
            });
            all.extend(taken);
        }
        self.documents.clear();
        all
    }
}
