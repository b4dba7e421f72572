//! Where one is in a page: what a list is searched for, how it is sorted, how far one has turned its pages. It stands in
//! the address, behind `#`, so that Back, a reload and a copied address lead to the same place, and no server and no
//! proxy reads whom somebody looked for.

use std::{cell::RefCell, rc::Rc};

use yew::{UseForceUpdateHandle, hook, use_effect_with, use_force_update, use_mut_ref};
use yew_router::hooks::use_location;

use crate::browser;

/// Where one is in a page.
#[derive(Clone)]
pub(crate) struct Place {
    says: Rc<RefCell<String>>,
    redraw: UseForceUpdateHandle,
}

/// As the address has it.
pub(crate) fn of(parameters: &[(&str, &str)]) -> String {
    let parameters: Vec<_> = parameters.iter().map(|(name, value)| (*name, Some(*value))).collect();
    browser::with_parameters("", &parameters)
}

/// Where one is in this page.
#[hook]
pub(crate) fn use_place() -> Place {
    let place = Place { says: use_mut_ref(browser::place), redraw: use_force_update() };
    let location = use_location();
    use_effect_with(location, {
        let place = place.clone();
        move |_| place.go(browser::place())
    });
    place
}

impl Place {
    /// What it says of something.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        browser::parameter(&self.says.borrow(), name)
    }

    /// Goes elsewhere in the page: to where this is as given; what is none is as it comes.
    pub(crate) fn set(&self, changes: &[(&str, Option<&str>)]) {
        let says = browser::with_parameters(&self.says.borrow(), changes);
        browser::set_place(&says);
        self.go(says);
    }

    fn go(&self, says: String) {
        if *self.says.borrow() != says {
            self.says.replace(says);
            self.redraw.force_update();
        }
    }
}
