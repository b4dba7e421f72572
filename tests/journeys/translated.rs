//! Pages that the person's browser translates: what it puts in the place of texts keeps nobody from going on.

use banklink_journey::person::Card;

use crate::stage::{Outcome, journey};

/// What a translating browser does to a page, and to all that comes later: each text makes room for elements with other
/// words.
const TRANSLATES: &str = "
    const translate = (text) => {
        const parent = text.parentNode;
        if (!parent || !text.data.trim() || ['FONT', 'SCRIPT', 'STYLE', 'OPTION'].includes(parent.nodeName)) return;
        const [outer, inner] = ['font', 'font'].map((name) => document.createElement(name));
        inner.textContent = `«${text.data}»`;
        outer.append(inner);
        parent.replaceChild(outer, text);
    };
    const all = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return translate(node);
        const texts = [];
        const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) texts.push(walker.currentNode);
        texts.forEach(translate);
    };
    all(document.body);
    const came = (changes) => changes.forEach((change) => change.addedNodes.forEach(all));
    new MutationObserver(came).observe(document.body, { childList: true, subtree: true });";

#[tokio::test]
async fn a_person_whose_browser_translates_the_page_links_a_bank() -> Outcome {
    journey(async |stage| {
        let (host, person) = stage.opens("").await?;
        host.hears("HEIGHT").await?;
        person.sees(Card::Consent).await?;
        person.browser().await?.run(TRANSLATES, vec![]).await?;
        assert!(person.reads("title-consent").await?.starts_with('«'));
        person.continues().await?;
        person.searches("zzzz").await?;
        person.finds_nothing().await?;
        person.searches("TestBank").await?;
        person.finds("«TestBank»").await?;
        person.chooses_institution("«TestBank»").await?;
        person.types_credentials("ana", "INVALID_CREDENTIALS").await?;
        person.continues().await?;
        assert!(person.is_told_what_was_wrong().await?.contains('«'));
        person.types_password("SCA_SMS").await?;
        person.continues().await?;
        // What changes in its place is translated anew.
        for left in ["2", "1"] {
            person.answers_code("INVALID_SCA").await?;
            let says = async || {
                let text = person.reads("text-attempts").await?;
                Ok((text.starts_with('«') && text.contains(left)).then_some(()))
            };
            person.browser().await?.until("the attempts that are left", says).await?;
        }
        person.answers_code("482913").await?;
        assert_eq!(host.connection().await?.title, "TestBank");
        Ok(())
    })
    .await
}
