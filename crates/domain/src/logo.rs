//! Logos of institutions: small pictures that the server gives out itself, so that nobody else learns who looks at which
//! bank.
//!
//! They come from an operator's folder and end on a page where people type bank passwords. SVG is not taken: it can carry
//! scripts and addresses. Of the formats that are, only what the header says is read; decoding is the browser's.

use core::ops::RangeInclusive;

use banklink_protocol::ids::LogoName;
use thiserror::Error;

use crate::hash::sha256;

/// Largest file, in bytes: they are shown 40 pixels wide.
pub const MAX_LOGO: usize = 32 * 1024;

/// How wide and how high they are, in pixels.
pub const LOGO_SIDES: RangeInclusive<u32> = 32..=512;

/// A picture that can be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    format: LogoFormat,
    bytes: Vec<u8>,
    name: LogoName,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoFormat {
    /// ISO/IEC 15948.
    Png,
    /// ITU-T T.81.
    Jpeg,
    /// RFC 9649.
    WebP,
}

impl LogoFormat {
    /// For `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }
}

/// Why a file is no logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidLogo {
    /// More than [`MAX_LOGO`].
    #[error("larger than {} KB", MAX_LOGO / 1024)]
    TooLarge,
    /// Another format.
    #[error("not a PNG, JPEG or WebP picture")]
    Format,
    /// It begins as one, and does not go on so.
    #[error("damaged")]
    Damaged,
    /// It moves.
    #[error("animated")]
    Animated,
    /// Too small to be seen well, or larger than it is ever shown.
    #[error(
        "{width} by {height} pixels, where both must be from {} to {}",
        LOGO_SIDES.start(),
        LOGO_SIDES.end()
    )]
    Size {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
}

impl Logo {
    /// Takes a file's content.
    pub fn read(bytes: Vec<u8>) -> Result<Self, InvalidLogo> {
        if bytes.len() > MAX_LOGO {
            return Err(InvalidLogo::TooLarge);
        }
        let (format, size) = if let Some(chunks) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
            (LogoFormat::Png, png(chunks)?)
        } else if let Some(segments) = bytes.strip_prefix(b"\xff\xd8") {
            (LogoFormat::Jpeg, jpeg(segments).ok_or(InvalidLogo::Damaged)?)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            (LogoFormat::WebP, webp(bytes.get(12..).unwrap_or_default())?)
        } else {
            return Err(InvalidLogo::Format);
        };
        let (width, height) = size;
        if !LOGO_SIDES.contains(&width) || !LOGO_SIDES.contains(&height) {
            return Err(InvalidLogo::Size { width, height });
        }
        let name = LogoName::new(hex::encode(&sha256(&[&bytes])[..12]));
        Ok(Self { format, bytes, name })
    }

    /// How it is written.
    pub const fn format(&self) -> LogoFormat {
        self.format
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its name where it is served.
    pub const fn name(&self) -> &LogoName {
        &self.name
    }
}

/// Width and height in pixels.
type Size = (u32, u32);

/// Takes that many bytes from the front.
fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(taken)
}

/// Goes through the chunks before the picture itself: what moves says so there.
fn png(mut chunks: &[u8]) -> Result<Size, InvalidLogo> {
    let mut size = None;
    loop {
        let header = take::<4>(&mut chunks).zip(take::<4>(&mut chunks));
        let (length, name) = header.ok_or(InvalidLogo::Damaged)?;
        let body = usize::try_from(u32::from_be_bytes(*length)).ok().and_then(|length| chunks.split_at_checked(length));
        let (mut body, after) = body.ok_or(InvalidLogo::Damaged)?;
        match name {
            b"IHDR" => {
                let sides = take::<4>(&mut body).zip(take::<4>(&mut body)).ok_or(InvalidLogo::Damaged)?;
                size = Some((u32::from_be_bytes(*sides.0), u32::from_be_bytes(*sides.1)));
            }
            b"acTL" => return Err(InvalidLogo::Animated),
            b"IDAT" => return size.ok_or(InvalidLogo::Damaged),
            _ => {}
        }
        // The checksum is the browser's to look at.
        chunks = after.get(4..).ok_or(InvalidLogo::Damaged)?;
    }
}

/// Goes through the segments to the one that begins the frame (section B.2.2).
fn jpeg(mut segments: &[u8]) -> Option<Size> {
    loop {
        let [0xff, marker] = *take::<2>(&mut segments)? else { return None };
        let length = usize::from(u16::from_be_bytes(*take::<2>(&mut segments)?)).checked_sub(2)?;
        let (body, after) = segments.split_at_checked(length)?;
        // All that begin with `C` but for tables, extensions and conditions of coding.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let [_, high, low, wide, narrow] = *body.first_chunk()?;
            return Some((u16::from_be_bytes([wide, narrow]).into(), u16::from_be_bytes([high, low]).into()));
        }
        segments = after;
    }
}

/// Looks at the first chunk, which says all (sections 2.5 to 2.7).
fn webp(mut chunk: &[u8]) -> Result<Size, InvalidLogo> {
    let name = take::<4>(&mut chunk).ok_or(InvalidLogo::Damaged)?;
    let body = chunk.get(4..).ok_or(InvalidLogo::Damaged)?;
    let size = match name {
        b"VP8 " => lossy(body),
        b"VP8L" => lossless(body),
        b"VP8X" if body.first().is_some_and(|flags| flags & 0b10 != 0) => return Err(InvalidLogo::Animated),
        b"VP8X" => extended(body),
        _ => None,
    };
    size.ok_or(InvalidLogo::Damaged)
}

/// Behind three bytes about the frame and three that are always the same (RFC 6386, section 9.1).
fn lossy(body: &[u8]) -> Option<Size> {
    let mut rest = body.get(3..)?.strip_prefix(b"\x9d\x01\x2a")?;
    let side = |bytes: &[u8; 2]| u32::from(u16::from_le_bytes(*bytes) & 0x3fff);
    Some((side(take(&mut rest)?), side(take(&mut rest)?)))
}

/// Fourteen bits each, less one.
fn lossless(body: &[u8]) -> Option<Size> {
    let mut rest = body.strip_prefix(b"\x2f")?;
    let bits = u32::from_le_bytes(*take(&mut rest)?);
    Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}

/// Twenty-four bits each, less one, behind the flags.
fn extended(body: &[u8]) -> Option<Size> {
    let mut rest = body.get(4..)?;
    let side = |[low, middle, high]: &[u8; 3]| u32::from_le_bytes([*low, *middle, *high, 0]) + 1;
    Some((side(take(&mut rest)?), side(take(&mut rest)?)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap();
        [&length.to_be_bytes(), name, body, b"\0\0\0\0"].concat()
    }

    fn png_of(width: u32, height: u32, between: &[u8]) -> Vec<u8> {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), b"\x08\x06\0\0\0"].concat();
        [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &header)[..], between, &chunk(b"IDAT", b"pixels")].concat()
    }

    fn jpeg_of(width: u16, height: u16, frame: u8) -> Vec<u8> {
        let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
        [b"\xff\xd8\xff\xe0\0\x06JFIF\xff\xc4\0\x03x\xff", &[frame, 0, 8, 8][..], &size, b"\x03\xff\xda"].concat()
    }

    fn webp_of(chunk: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP", chunk].concat()
    }

    #[rstest]
    #[case(png_of(64, 48, b""), LogoFormat::Png)]
    #[case(png_of(64, 48, &chunk(b"tEXt", b"acTL")), LogoFormat::Png)]
    #[case(jpeg_of(64, 48, 0xc0), LogoFormat::Jpeg)]
    #[case(jpeg_of(64, 48, 0xc2), LogoFormat::Jpeg)]
    #[case(webp_of(b"VP8 \0\0\0\0tag\x9d\x01\x2a\x40\x00\x30\x00"), LogoFormat::WebP)]
    #[case(webp_of(b"VP8L\0\0\0\0\x2f\x3f\xc0\x0b\x00"), LogoFormat::WebP)]
    #[case(webp_of(b"VP8X\0\0\0\0\x10\0\0\0\x3f\0\0\x2f\0\0"), LogoFormat::WebP)]
    fn pictures_are_known_by_their_content(#[case] bytes: Vec<u8>, #[case] format: LogoFormat) {
        let logo = Logo::read(bytes.clone()).unwrap();
        assert_eq!((logo.format(), logo.bytes()), (format, &bytes[..]));
    }

    #[test]
    fn a_logo_is_named_after_its_content() {
        let name = |bytes: Vec<u8>| Logo::read(bytes).unwrap().name().to_string();
        let one = name(png_of(64, 48, b""));
        assert_eq!(one, hex::encode(sha256(&[&png_of(64, 48, b"")]))[..24]);
        assert_ne!(one, name(png_of(48, 64, b"")));
    }

    /// The sides, as the refusal tells them.
    #[rstest]
    #[case(png_of(513, 31, b""))]
    #[case(jpeg_of(513, 31, 0xc0))]
    #[case(webp_of(b"VP8 \0\0\0\0tag\x9d\x01\x2a\x01\x42\x1f\x40"))]
    #[case(webp_of(b"VP8L\0\0\0\0\x2f\x00\x82\x07\x00"))]
    #[case(webp_of(b"VP8X\0\0\0\0\0\0\0\0\x00\x02\0\x1e\0\0"))]
    fn pictures_of_other_sizes_are_refused(#[case] bytes: Vec<u8>) {
        assert_eq!(Logo::read(bytes), Err(InvalidLogo::Size { width: 513, height: 31 }));
    }

    #[rstest]
    #[case::nothing(vec![], InvalidLogo::Format)]
    #[case::svg(b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), InvalidLogo::Format)]
    #[case::gif(b"GIF89a".to_vec(), InvalidLogo::Format)]
    #[case::html(b"<!doctype html>".to_vec(), InvalidLogo::Format)]
    #[case::large(png_of(64, 64, &chunk(b"tEXt", &vec![b'x'; MAX_LOGO])), InvalidLogo::TooLarge)]
    #[case::moving_png(png_of(64, 64, &chunk(b"acTL", &[0; 8])), InvalidLogo::Animated)]
    #[case::moving_webp(webp_of(b"VP8X\0\0\0\0\x02\0\0\0\x3f\0\0\x2f\0\0"), InvalidLogo::Animated)]
    #[case::only_a_signature(b"\x89PNG\r\n\x1a\n".to_vec(), InvalidLogo::Damaged)]
    #[case::no_header([&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IDAT", b"x")].concat(), InvalidLogo::Damaged)]
    #[case::chunk_without_end(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR".to_vec(), InvalidLogo::Damaged)]
    #[case::no_frame(b"\xff\xd8\xff\xd9".to_vec(), InvalidLogo::Damaged)]
    #[case::segment_without_length(b"\xff\xd8\xff\xe0\0\0".to_vec(), InvalidLogo::Damaged)]
    #[case::other_chunk(webp_of(b"ICCP\0\0\0\0"), InvalidLogo::Damaged)]
    fn anything_else_is_refused(#[case] bytes: Vec<u8>, #[case] why: InvalidLogo) {
        assert_eq!(Logo::read(bytes), Err(why));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(
            start in prop::sample::select(vec![
                png_of(64, 48, b""), jpeg_of(64, 48, 0xc0), webp_of(b"VP8 "), webp_of(b"VP8L"), webp_of(b"VP8X"),
            ]),
            keep in any::<prop::sample::Index>(),
            rest in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let bytes = [&start[..keep.index(start.len() + 1)], &rest].concat();
            if let Ok(logo) = Logo::read(bytes.clone()) {
                prop_assert_eq!(logo.bytes(), &bytes[..]);
            }
        }
    }
}
