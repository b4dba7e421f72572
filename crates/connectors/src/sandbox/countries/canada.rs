//! Canada.

use super::{AccountNames, Country, Numbering, Pay, Payees, People, Schedule, Words, bill, place};

pub(super) static CANADA: Country = Country {
    numbering: Numbering::Canada,
    people: People {
        given_names: &["Olivia", "Liam", "Priya", "Étienne", "Chloé", "Noah", "Mei", "Gabriel", "Amara", "Lucas"],
        family_names: &[
            "Tremblay", "MacLeod", "Singh", "Gagnon", "Chen", "Okafor", "Roy", "Bergeron", "Wilson", "Patel",
        ],
        streets: &["{} Maple Street", "{} Lakeview Avenue", "{} rue des Érables", "{} Cedar Crescent"],
        places: &[
            place("Montréal", Some("QC"), "H2X 1Y4"),
            place("Toronto", Some("ON"), "M5V 2T6"),
            place("Vancouver", Some("BC"), "V6B 1A1"),
            place("Halifax", Some("NS"), "B3H 4R2"),
        ],
        phone: "+1 514-555-01##",
    },
    pay: Pay {
        schedule: Schedule::EveryTwoWeeks,
        extra_months: &[],
        monthly: (3400, 7200),
        employers: &["Northwind Logistics", "Boreal Software", "Rideau Health Network", "Prairie Grain Co-op"],
    },
    accounts: AccountNames {
        chequing: "Everyday Chequing",
        savings: "High Interest Savings",
        card: "Cash Back Credit Card",
        loan: "Car Loan",
        investment: "TFSA Investment",
    },
    words: Words {
        opening: "Opening deposit",
        salary: "Payroll deposit {}",
        extra_pay: "Bonus {}",
        rent: "Rent {}",
        purchase: "Interac purchase {}",
        cash: "ATM withdrawal {}",
        fee: "Monthly account fee",
        to_savings: "Transfer to savings",
        from_savings: "Transfer from savings",
        card_payment: "Credit card payment",
        card_payment_received: "Payment – thank you",
        interest: "Interest paid",
        loan_payment: "Loan payment",
        loan_interest: "Interest charged",
        loan_drawn: "Loan advance",
        contribution: "Contribution to investments",
        dividend: "Distribution",
        valuation: "Change in market value",
        withdrawal: "Redemption to external account",
        large_purchase: "E-transfer {}",
    },
    payees: Payees {
        landlords: &["Parkside Rentals", "Immeubles du Canal", "Harbour Property Mgmt"],
        bills: &[
            bill("Hydro Laurentides", 6_500, 14_500),
            bill("Aurora Mobile", 5_500, 7_500),
            bill("Northern Fibre Internet", 7_000, 9_500),
        ],
        subscriptions: &[
            bill("Streamly", 1_699, 1_699),
            bill("Tunewave", 1_099, 1_099),
            bill("Peak Fitness", 4_499, 4_499),
        ],
        groceries: &["Greenleaf Market", "Épicerie du Coin", "Fresh Valley Foods", "Maple Basket"],
        restaurants: &["Moose & Maple Diner", "Café Brûlerie Nord", "Noodle Lane", "Poutinerie Chez Luc", "Bean There"],
        transport: &["City Transit", "Tundra Fuel", "Polar Taxi", "Rails North"],
        shopping: &["Birchwood Hardware", "Loom & Thread", "Paper Lantern Books", "Voltage Electronics"],
        leisure: &["Lumière Cinema", "Summit Outdoor", "Arena Tickets", "Snowline Resort"],
        health: &["Wellspring Pharmacy", "Dr. Lavoie Dental", "Clear View Optical"],
        builders: &["Fundy Kitchens", "Rockies Roofing", "Atelier Bois Franc"],
    },
};
