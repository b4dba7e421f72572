//! A host's stylesheet.

use std::{collections::BTreeMap, fs};

use banklink_journey::{SandboxOptions, Scheme};

use crate::stage::{Allowed, Outcome, journey_with};

/// The example of seed 000, with the closing braces that it lost on the way into the document.
const SEED_000: &str = "\
#title-select-bank {
color: #78281f !important
}
#background {
background: #CD5C5C;
}
#div-select-bank {
background: #f5f5f5;
}
#input-search-bank {
background: #fadbd9 !important
}
#bank-box {
background: #fadbd9;
}
#bank-img {
background: transparent;
}
";

/// What the six ids of seed 000 look like: for every instance, its colour and its background.
const LOOKS: &str = r#"
    const looks = {};
    for (const id of ["title-select-bank", "background", "div-select-bank", "input-search-bank", "bank-box", "bank-img"]) {
        const elements = document.querySelectorAll(`#${id}, [data-part='${id}']`);
        looks[id] = [...elements].map((element) => {
            const { color, backgroundColor } = getComputedStyle(element);
            return { color, backgroundColor };
        });
    }
    return looks;
"#;

#[tokio::test]
async fn the_stylesheet_of_seed_000_styles_its_six_ids() -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let theme = folder.path().join("theme.css");
    fs::write(&theme, SEED_000).expect("a temporary file");
    let options = SandboxOptions { theme: Some(theme), ..SandboxOptions::default() };
    journey_with(options, Allowed::Nothing, async |stage| {
        for scheme in Scheme::ALL {
            stage.browser.prefer(scheme).await?;
            let (_, person) = stage.opens_and_agrees("").await?;
            person.finds("TestBank").await?;
            let looks = person.browser().await?.run(LOOKS, vec![]).await?;
            let looks: BTreeMap<String, Vec<BTreeMap<String, String>>> =
                serde_json::from_value(looks).expect("looks as the script returns them");
            for (id, property, value) in [
                ("title-select-bank", "color", "rgb(120, 40, 31)"),
                ("background", "backgroundColor", "rgb(205, 92, 92)"),
                ("div-select-bank", "backgroundColor", "rgb(245, 245, 245)"),
                ("input-search-bank", "backgroundColor", "rgb(250, 219, 217)"),
                ("bank-box", "backgroundColor", "rgb(250, 219, 217)"),
                ("bank-img", "backgroundColor", "rgba(0, 0, 0, 0)"),
            ] {
                let instances = &looks[id];
                let is_list = id.starts_with("bank-");
                assert!(if is_list { instances.len() > 5 } else { instances.len() == 1 }, "{id}: {instances:?}");
                for instance in instances {
                    assert_eq!(instance[property], value, "{property} of {id}, {}", scheme.as_str());
                }
            }
        }
        Ok(())
    })
    .await
}
