//! Names in Cyrillic as people write them who have Latin letters only.

/// The letters of Ukrainian, Russian, Serbian and their neighbours by the tables that passports use. What differs between
/// languages is written as in Ukrainian for Ukraine and as in Russian elsewhere.
pub(crate) fn romanised(word: &str, country: &str) -> Option<String> {
    let ukrainian = country == "UA";
    let mut latin = String::new();
    let mut has_cyrillic = false;
    for letter in word.to_lowercase().chars() {
        let written = match letter {
            'г' | 'и' if ukrainian => {
                if letter == 'г' {
                    "h"
                } else {
                    "y"
                }
            }
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' | 'ґ' => "g",
            'д' => "d",
            'е' | 'ё' | 'э' => "e",
            'є' => "ie",
            'ж' => "zh",
            'з' => "z",
            'и' | 'і' | 'ї' => "i",
            'й' | 'ы' => "y",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' => "u",
            'ф' => "f",
            'х' => "kh",
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "shch",
            'ю' => "iu",
            'я' => "ia",
            'ь' | 'ъ' | '’' | '\'' => "",
            latin_letter if latin_letter.is_ascii_alphanumeric() => {
                latin.push(latin_letter);
                continue;
            }
            _ => return None,
        };
        has_cyrillic = true;
        latin.push_str(written);
    }
    has_cyrillic.then_some(latin)
}
