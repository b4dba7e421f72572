//! Portugal.

use super::{AccountNames, Country, Numbering, Pay, Payees, People, Schedule, Words, bill, place};

pub(super) static PORTUGAL: Country = Country {
    numbering: Numbering::Portugal,
    people: People {
        given_names: &["Beatriz", "Tomás", "Leonor", "Duarte", "Mariana", "Gonçalo", "Inês", "Rafael", "Sara", "Tiago"],
        family_names: &[
            "Carvalho", "Nogueira", "Teixeira", "Pinto", "Baptista", "Fonseca", "Moura", "Cardoso", "Reis", "Valente",
        ],
        streets: &["Rua das Oliveiras {}", "Avenida da Liberdade {}", "Travessa do Cais {}", "Largo da Sé {}"],
        places: &[
            place("Lisboa", None, "1200-192"),
            place("Porto", None, "4050-253"),
            place("Coimbra", None, "3000-150"),
            place("Faro", None, "8000-138"),
        ],
        phone: "+351 900 000 ###",
    },
    pay: Pay {
        schedule: Schedule::LastWorkday,
        extra_months: &[6, 11],
        monthly: (1050, 2500),
        employers: &["Cortiças do Sul SA", "Câmara de Vale Formoso", "Tecnologia Tejo Lda", "Hospital da Serra"],
    },
    accounts: AccountNames {
        chequing: "Conta à ordem",
        savings: "Conta poupança",
        card: "Cartão de crédito",
        loan: "Crédito automóvel",
        investment: "Fundo de investimento",
    },
    words: Words {
        opening: "Depósito inicial",
        salary: "Ordenado {}",
        extra_pay: "Subsídio {}",
        rent: "Renda {}",
        purchase: "Compra {}",
        cash: "Levantamento {}",
        fee: "Comissão de manutenção",
        to_savings: "Transferência para poupança",
        from_savings: "Transferência de poupança",
        card_payment: "Pagamento cartão de crédito",
        card_payment_received: "Pagamento recebido",
        interest: "Juros credores",
        loan_payment: "Prestação crédito",
        loan_interest: "Juros do crédito",
        loan_drawn: "Utilização do crédito",
        contribution: "Subscrição de fundo",
        dividend: "Rendimentos",
        valuation: "Variação de valor",
        withdrawal: "Resgate para conta externa",
        large_purchase: "Transferência {}",
    },
    payees: Payees {
        landlords: &["Imobiliária Ponte", "Casas do Rio Lda", "D. Amélia Sousa"],
        bills: &[
            bill("Débito direto Luz do Norte", 3_500, 8_500),
            bill("Débito direto Águas da Serra", 1_500, 3_000),
            bill("Débito direto Fibra Atlântico", 3_400, 4_800),
        ],
        subscriptions: &[
            bill("Streamly", 1_199, 1_199),
            bill("Tunewave", 849, 849),
            bill("Ginásio Maré", 2_990, 2_990),
        ],
        groceries: &["Mercearia da Praça", "Supermercado Campo Bom", "Frutas do Oeste", "Padaria Estrela"],
        restaurants: &["Tasca do Zé", "Pastelaria Aurora", "Marisqueira Onda", "Café Central", "Churrasqueira Brasa"],
        transport: &["Metro da Cidade", "Posto Combustível Sul", "Comboios Litoral", "Táxi Rápido"],
        shopping: &["Livraria Navegar", "Ferragens Martins", "Loja do Linho", "Eletro Casa"],
        leisure: &["Cinema Nimbus", "Teatro Baixa", "Surf & Companhia", "Museu do Mar"],
        health: &["Farmácia Nova", "Clínica Dentária Riso", "Ótica Horizonte"],
        builders: &["Cozinhas Carvalho", "Obras & Telhados", "Carpintaria Pinho"],
    },
};
