//! The United States.

use super::{AccountNames, Country, Numbering, Pay, Payees, People, Schedule, Words, bill, place};

pub(super) static UNITED_STATES: Country = Country {
    numbering: Numbering::UnitedStates,
    people: People {
        given_names: &["Emma", "James", "Sofia", "Malik", "Grace", "Ethan", "Aaliyah", "Diego", "Hannah", "Wei"],
        family_names: &[
            "Johnson", "Ramirez", "Nguyen", "Brooks", "Cohen", "Kowalski", "Reyes", "Foster", "Adams", "Park",
        ],
        streets: &["{} Oak Street", "{} Sunset Drive", "{} Juniper Lane", "{} W 4th Avenue"],
        places: &[
            place("Portland", Some("OR"), "97205"),
            place("Austin", Some("TX"), "78701"),
            place("Columbus", Some("OH"), "43215"),
            place("Providence", Some("RI"), "02903"),
        ],
        phone: "+1 206-555-01##",
    },
    pay: Pay {
        schedule: Schedule::EveryTwoWeeks,
        extra_months: &[],
        monthly: (3600, 8400),
        employers: &["Cascade Robotics", "Blue Mesa Insurance", "Harborview Schools", "Copperline Foods"],
    },
    accounts: AccountNames {
        chequing: "Everyday Checking",
        savings: "Rainy Day Savings",
        card: "Rewards Credit Card",
        loan: "Auto Loan",
        investment: "Brokerage Account",
    },
    words: Words {
        opening: "Opening deposit",
        salary: "Direct deposit {}",
        extra_pay: "Bonus {}",
        rent: "Rent {}",
        purchase: "Debit card {}",
        cash: "ATM withdrawal {}",
        fee: "Monthly maintenance fee",
        to_savings: "Transfer to savings",
        from_savings: "Transfer from savings",
        card_payment: "Credit card autopay",
        card_payment_received: "Autopay payment – thank you",
        interest: "Interest earned",
        loan_payment: "Auto loan payment",
        loan_interest: "Finance charge",
        loan_drawn: "Loan proceeds",
        contribution: "Transfer to brokerage",
        dividend: "Dividend",
        valuation: "Change in market value",
        withdrawal: "Withdrawal to external account",
        large_purchase: "Check {}",
    },
    payees: Payees {
        landlords: &["Willow Creek Apartments", "Lakeshore Living LLC", "Third Street Lofts"],
        bills: &[
            bill("Riverbend Power & Light", 6_000, 16_500),
            bill("Beacon Wireless", 5_500, 8_500),
            bill("Quickline Internet", 6_000, 8_000),
            bill("City Water", 3_000, 5_500),
        ],
        subscriptions: &[
            bill("Streamly", 1_549, 1_549),
            bill("Tunewave", 1_099, 1_099),
            bill("Ironworks Gym", 3_999, 3_999),
        ],
        groceries: &["Sunny Acres Market", "Corner Grocer", "Homestead Foods", "Fresh & Fair"],
        restaurants: &["Blue Plate Diner", "Taqueria Luna", "Rosie's Coffee", "Dragon Bowl", "Smokestack BBQ"],
        transport: &["Metro Transit", "Roadrunner Gas", "Hopscotch Rides", "Parkwise Garage"],
        shopping: &["Hearth & Home", "Tinker's Hardware", "Page Turner Books", "Circuit Hut"],
        leisure: &["Starlight Theater", "Trailhead Outfitters", "Downtown Arena", "Pinball Palace"],
        health: &["Greencross Pharmacy", "Bright Smile Dental", "Lakeside Clinic"],
        builders: &["Keystone Remodeling", "Evergreen Roofing", "Handy & Sons"],
    },
};
