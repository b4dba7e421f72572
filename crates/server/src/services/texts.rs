//! Short texts that callers choose.

use banklink_domain::text::TextError;

use crate::problem::ApiError;

/// The error for a text that was sent as `parameter`.
pub fn refused(parameter: &str, error: TextError) -> ApiError {
    let detail = match error {
        TextError::Empty => "The text is empty.".to_owned(),
        TextError::TooLong { max } => format!("The text is longer than {max} bytes."),
        TextError::ControlCharacter => "The text holds a control character.".to_owned(),
    };
    ApiError::invalid(parameter, detail)
}
