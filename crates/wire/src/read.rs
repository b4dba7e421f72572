//! Reading.

/// A type that a reply is made of.
pub trait Read: Sized {
    /// Takes one from the reader: anything, once the reader has failed.
    fn read(from: &mut Reader<'_>) -> Self;
}

/// Bytes that are read from the front.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    failed: bool,
}

/// Reads one value from exactly these bytes; nothing if they are not what is expected.
pub fn decode<T: Read>(bytes: &[u8]) -> Option<T> {
    let mut reader = Reader { rest: bytes, failed: false };
    let value = T::read(&mut reader);
    (!reader.failed && reader.rest.is_empty()).then_some(value)
}

impl<'a> Reader<'a> {
    /// Nothing that follows can be trusted.
    #[inline(never)]
    pub fn fail(&mut self) {
        self.failed = true;
        self.rest = &[];
    }

    /// One byte.
    #[inline(never)]
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else {
            self.fail();
            return 0;
        };
        self.rest = rest;
        *first
    }

    /// A number in seven bits a byte, least significant first.
    #[inline(never)]
    pub fn number(&mut self) -> u32 {
        let mut number = 0_u64;
        for index in 0..5 {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                return u32::try_from(number).unwrap_or_else(|_| {
                    self.fail();
                    0
                });
            }
        }
        self.fail();
        0
    }

    /// The number of a variant, of which there are `count`.
    #[inline(never)]
    pub fn variant(&mut self, count: u32) -> u32 {
        let variant = self.number();
        if variant >= count {
            self.fail();
            return 0;
        }
        variant
    }

    /// Whether something is there.
    #[inline(never)]
    pub fn flag(&mut self) -> bool {
        self.byte_up_to(1) == 1
    }

    fn byte_up_to(&mut self, most: u8) -> u8 {
        let byte = self.byte();
        if byte > most {
            self.fail();
        }
        byte
    }

    /// A text.
    #[inline(never)]
    pub fn text(&mut self) -> String {
        let length = self.number() as usize;
        let Some((text, rest)) = self.rest.split_at_checked(length) else {
            self.fail();
            return String::new();
        };
        self.rest = rest;
        let text: &'a [u8] = text;
        String::from_utf8(text.to_vec()).unwrap_or_else(|_| {
            self.fail();
            String::new()
        })
    }
}

impl Read for String {
    fn read(from: &mut Reader<'_>) -> Self {
        from.text()
    }
}

impl Read for bool {
    fn read(from: &mut Reader<'_>) -> Self {
        from.flag()
    }
}

impl Read for u8 {
    fn read(from: &mut Reader<'_>) -> Self {
        from.byte()
    }
}

impl Read for u16 {
    fn read(from: &mut Reader<'_>) -> Self {
        Self::try_from(from.number()).unwrap_or_else(|_| {
            from.fail();
            0
        })
    }
}

impl Read for u32 {
    fn read(from: &mut Reader<'_>) -> Self {
        from.number()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(from: &mut Reader<'_>) -> Self {
        from.flag().then(|| T::read(from))
    }
}

impl<T: Read> Read for Box<T> {
    fn read(from: &mut Reader<'_>) -> Self {
        Self::new(T::read(from))
    }
}

/// A length that the bytes can't hold ends with the bytes: nothing is set aside for it beforehand.
impl<T: Read> Read for Vec<T> {
    fn read(from: &mut Reader<'_>) -> Self {
        let mut list = Self::new();
        for _ in 0..from.number() {
            if from.failed {
                break;
            }
            list.push(T::read(from));
        }
        list
    }
}
