//! What pages show: the operators of text, the forms they draw (ISO 32000-1 §9.4, §8.10).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, decode_text_string};
use mail::PlaceKind;

use super::content::{Operand, Operations};
use super::drawing::{Drawing, OPERATORS, State};
use super::font::Font;
use super::layers::Layers;
use super::pen::{Matrix, Pen};
use super::picture::{Drawn, Pictures};
use super::placed::Placed;
use super::spoken::Spoken;
use super::{Doubts, dictionary, dictionary_at, plain, stream, tree};
use crate::work::{TextBuilder, Work};
use crate::{Feature, Reason};

/// Fonts read of one file.
const FONTS_MAX: usize = 2_000;
/// Forms within forms.
const FORMS_DEPTH_MAX: usize = 12;
/// Saved states within one another; more are not kept.
const STATES_MAX: usize = 256;
/// Different characters of one font, and of one file, that may show nothing before it counts as unread: bullets and
/// odd blanks are common, ten digits are not.
const UNTOLD_OF_FONT_MAX: usize = 4;
const UNTOLD_MAX: usize = 8;
/// Different characters that must show as others before it is told: one is a mistake of whoever made the font.
const DISGUISED_MIN: usize = 3;

/// The darkest part of a colour that still is white on white.
const WHITE_MIN: f32 = 0.94;

/// What the pages turned out to be.
pub(super) struct Shown<'a> {
    /// Something is drawn besides text.
    pub(super) is_drawn: bool,
    /// Pictures, by page.
    pub(super) pictures: Pictures<'a>,
}

/// Reads the pages, then the forms that none of them draws (looks of fields and annotations).
pub(super) fn read<'a>(
    document: &'a Document,
    pages: &[&'a Dictionary],
    work: &mut Work,
    text: &mut TextBuilder,
    doubts: &mut Doubts,
) -> Shown<'a> {
    let mut reader = Reader {
        document,
        work,
        text,
        doubts,
        fonts: BTreeMap::new(),
        fonts_read: 0,
        forms: BTreeSet::new(),
        untold: BTreeSet::new(),
        disguised: BTreeSet::new(),
        is_drawn: false,
        drawn: Drawn::default(),
        pictures: Pictures::default(),
        pen: Pen::default(),
        placed: Placed::default(),
        spoken: Spoken::default(),
        layers: Layers::of(document),
    };
    for (number, page) in (1..).zip(pages) {
        reader.text.numbered(PlaceKind::Page, "", u32::try_from(number).unwrap_or(0));
        reader.page(number, page);
        reader.text.close();
        if reader.text.is_full() {
            break;
        }
    }
    reader.other_forms();
    if reader.has_untold() {
        reader.doubts.say(Reason::Illegible);
    }
    if reader.disguised.len() >= DISGUISED_MIN {
        reader.text.features([Feature::DisguisedText]);
    }
    Shown { is_drawn: reader.is_drawn, pictures: reader.pictures }
}

struct Reader<'a, 'w> {
    document: &'a Document,
    work: &'w mut Work,
    text: &'w mut TextBuilder,
    doubts: &'w mut Doubts,
    fonts: BTreeMap<ObjectId, Rc<Font>>,
    fonts_read: usize,
    forms: BTreeSet<ObjectId>,
    /// Codes that showed nothing: the font's number, the code.
    untold: BTreeSet<(usize, u32)>,
    /// Codes that show another character than the file says.
    disguised: BTreeSet<(usize, u32)>,
    is_drawn: bool,
    /// What the page being read draws besides text.
    drawn: Drawn<'a>,
    pictures: Pictures<'a>,
    pen: Pen,
    placed: Placed,
    spoken: Spoken,
    layers: Layers,
}

impl<'a> Reader<'a, '_> {
    fn page(&mut self, number: usize, page: &'a Dictionary) {
        let resources = tree::resources(self.document, page);
        let mut content = Vec::new();
        for stream in tree::contents(self.document, page, self.doubts) {
            content.extend(self.decoded(stream));
            // The streams are one, parted between words.
            content.push(b'\n');
        }
        let start = self.text.text.len();
        self.drawn = Drawn::default();
        self.draw(&content, &resources, State::new(Matrix::UNIT), 0);
        self.pen.lift(self.text);
        let mut pieces = self.placed.pieces();
        pieces.extend(std::mem::take(&mut self.spoken).lines(self.text.text.get(start..).unwrap_or("")));
        if !pieces.is_empty() {
            self.text.separate('\n');
            self.text.push(&pieces.join("\n"));
        }
        let has_text = self.text.text.get(start..).is_some_and(|text| !text.trim().is_empty());
        if !has_text && self.drawn.is_picture() {
            self.is_drawn = true;
            self.text.features([Feature::PicturePages]);
        }
        self.pictures.page(number, std::mem::take(&mut self.drawn), has_text);
    }

    fn decoded(&mut self, stream: &Stream) -> Vec<u8> {
        let decoded = stream::decode(self.document, stream);
        if let Some(reason) = decoded.doubt {
            self.doubts.say(reason);
        }
        if self.work.pay(decoded.bytes.len()) {
            decoded.bytes
        } else {
            self.doubts.say(Reason::TooLarge);
            Vec::new()
        }
    }

    /// Forms that no page drew, and patterns: each once, with its own resources.
    fn other_forms(&mut self) {
        let document = self.document;
        for (id, object) in &document.objects {
            let Object::Stream(stream) = object else { continue };
            let is_form =
                stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form");
            if !(is_form || stream.dict.has(b"PatternType")) || !self.forms.insert(*id) {
                continue;
            }
            self.text.place(PlaceKind::Form);
            self.form(stream, &[], State::new(Matrix::UNIT), 1);
            self.text.close();
            if self.text.is_full() {
                break;
            }
        }
    }

    fn form(&mut self, form: &'a Stream, of_page: &[&'a Dictionary], mut state: State, depth: usize) {
        let document = self.document;
        let mut resources: Vec<&Dictionary> =
            dictionary_at(document, &form.dict, b"Resources").into_iter().collect();
        resources.extend(of_page);
        if let Some(matrix) = form.dict.get(b"Matrix").ok().and_then(|matrix| self.matrix(matrix)) {
            state.page = matrix.then(state.page);
        }
        let content = self.decoded(form);
        self.pen.lift(self.text);
        self.draw(&content, &resources, state, depth);
        self.pen.lift(self.text);
    }

    fn matrix(&self, object: &Object) -> Option<Matrix> {
        let (_, object) = self.document.dereference(object).ok()?;
        let numbers: Vec<f32> =
            object.as_array().ok()?.iter().map(|number| number.as_float().unwrap_or(0.0)).collect();
        Some(Matrix(numbers.try_into().ok()?))
    }

    fn draw(&mut self, content: &[u8], resources: &[&'a Dictionary], state: State, depth: usize) {
        let mut drawing = Drawing::new(state, resources, depth);
        let mut operations = Operations::new(content);
        let mut operands = Vec::new();
        while let Some(operator) = operations.next(&mut operands) {
            self.operator(operator, &operands, &mut drawing);
            if self.text.is_full() {
                return;
            }
        }
        // Noise where operators should be: what it hides is not known.
        if operations.odd + drawing.odd > 0 {
            self.doubts.say(Reason::Corrupt);
        }
    }

    fn operator(&mut self, operator: &[u8], operands: &[Operand], drawing: &mut Drawing<'a, '_>) {
        let number = |at: usize| operands.get(at).and_then(Operand::number).unwrap_or(0.0);
        let state = &mut drawing.state;
        match operator {
            b"q" if drawing.saved.len() < STATES_MAX => drawing.saved.push(state.clone()),
            b"Q" => {
                if let Some(saved) = drawing.saved.pop() {
                    drawing.state = saved;
                }
            }
            b"cm" => state.page = Matrix(std::array::from_fn(number)).then(state.page),
            b"BT" => (drawing.text, drawing.line) = (Matrix::UNIT, Matrix::UNIT),
            b"Tf" => {
                state.size = number(1);
                if let Some(Operand::Name(name)) = operands.first() {
                    self.set_font(name, drawing);
                }
            }
            b"gs" => self.graphics(operands, drawing),
            b"Tc" => state.between = number(0),
            b"Tw" => state.between_words = number(0),
            b"Tz" => state.scale = number(0) / 100.0,
            b"TL" => state.leading = number(0),
            b"Tr" => state.is_unseen = (2.5..3.5).contains(&number(0)) || number(0) > 6.5,
            b"g" | b"rg" | b"sc" | b"scn" => {
                state.is_white = !operands.is_empty()
                    && operands.iter().all(|part| part.number().is_some_and(|part| part >= WHITE_MIN));
            }
            b"k" => {
                state.is_white =
                    operands.iter().all(|part| part.number().is_some_and(|ink| ink <= 1.0 - WHITE_MIN))
            }
            b"Ts" => state.rise = number(0),
            b"Td" => drawing.step(number(0), number(1)),
            b"TD" => {
                state.leading = -number(1);
                drawing.step(number(0), number(1));
            }
            b"Tm" => {
                drawing.line = Matrix(std::array::from_fn(number));
                drawing.text = drawing.line;
            }
            b"T*" => drawing.next_line(),
            b"'" | b"\"" => {
                if operator == b"\"" {
                    (state.between_words, state.between) = (number(0), number(1));
                }
                drawing.next_line();
                self.show(operands.last().map(std::slice::from_ref).unwrap_or_default(), drawing);
            }
            b"Tj" => self.show(operands, drawing),
            b"TJ" => {
                if let Some(Operand::List(list)) = operands.last() {
                    self.show(list, drawing);
                }
            }
            b"Do" => self.object(operands, drawing),
            b"BMC" | b"BDC" => self.part(operands, drawing),
            b"DP" => self.spoken.say(&self.instead(operands, drawing)),
            b"EMC" => {
                drawing.parts.pop();
                self.spoken.end();
            }
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"sh" => {
                self.is_drawn = true;
                self.drawn.paints += 1;
            }
            b"BI" => {
                self.is_drawn = true;
                self.drawn.inline += 1;
            }
            b"BX" => drawing.lenient += 1,
            b"EX" => drawing.lenient = drawing.lenient.saturating_sub(1),
            _ if drawing.lenient == 0 && !OPERATORS.contains(&operator) => drawing.odd += 1,
            _ => {}
        }
    }

    fn set_font(&mut self, name: &[u8], drawing: &mut Drawing<'a, '_>) {
        let found = drawing.resource(self.document, b"Font", name);
        let font = found.and_then(|font| self.font(font));
        (drawing.state.font, drawing.state.font_number) = match font {
            Some((font, number)) => (Some(font), number),
            None => (None, 0),
        };
    }

    /// A font, read once; the number tells it from others.
    fn font(&mut self, object: &'a Object) -> Option<(Rc<Font>, usize)> {
        let id = object.as_reference().ok();
        let number = |id: ObjectId| usize::try_from(id.0).unwrap_or(usize::MAX);
        if let Some((id, font)) = id.and_then(|id| Some((id, self.fonts.get(&id)?))) {
            return Some((Rc::clone(font), number(id)));
        }
        if self.fonts_read >= FONTS_MAX {
            self.doubts.say(Reason::TooMany);
            return None;
        }
        self.fonts_read += 1;
        let font = Rc::new(Font::of(self.document, dictionary(self.document, object)?));
        if let Some(id) = id {
            self.fonts.insert(id, Rc::clone(&font));
        }
        Some((font, id.map_or(usize::MAX, number)))
    }

    /// A font may be set with the rest of the graphics state (table 58).
    fn graphics(&mut self, operands: &[Operand], drawing: &mut Drawing<'a, '_>) {
        let Some(Operand::Name(name)) = operands.first() else { return };
        let found = drawing.resource(self.document, b"ExtGState", name);
        let state = found.and_then(|state| dictionary(self.document, state));
        let Some(Ok([font, size])) =
            state.and_then(|state| Some(state.get(b"Font").ok()?.as_array().map(Vec::as_slice)))
        else {
            return;
        };
        drawing.state.size = size.as_float().unwrap_or(drawing.state.size);
        if let Some((font, number)) = self.font(font) {
            (drawing.state.font, drawing.state.font_number) = (Some(font), number);
        }
    }

    fn object(&mut self, operands: &[Operand], drawing: &mut Drawing<'a, '_>) {
        let Some(Operand::Name(name)) = operands.first() else { return };
        let Some(found) = drawing.resource(self.document, b"XObject", name) else {
            return self.doubts.say(Reason::Corrupt);
        };
        let Ok((_, Object::Stream(stream))) = self.document.dereference(found) else {
            return self.doubts.say(Reason::Corrupt);
        };
        let is_form = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form");
        let is_new = found.as_reference().is_ok_and(|id| self.forms.insert(id));
        if !is_form {
            self.drawn.picture(found.as_reference().ok(), stream);
        }
        if !is_form || !is_new {
            return;
        }
        if drawing.depth >= FORMS_DEPTH_MAX {
            return self.doubts.say(Reason::TooDeep);
        }
        let mut state = drawing.state.clone();
        state.is_hidden |= drawing.parts.contains(&true)
            || stream.dict.get(b"OC").is_ok_and(|layer| self.layers.hides(self.document, layer));
        self.form(stream, drawing.resources, state, drawing.depth + 1);
    }

    /// A part of the content begins: it may be on a layer, or stand for something else than it shows.
    fn part(&mut self, operands: &[Operand], drawing: &mut Drawing<'a, '_>) {
        let is_layer = matches!(operands.first(), Some(Operand::Name(tag)) if tag == b"OC");
        let layer = match operands.get(1) {
            Some(Operand::Name(name)) if is_layer => drawing.resource(self.document, b"Properties", name),
            _ => None,
        };
        drawing.parts.push(layer.is_some_and(|layer| self.layers.hides(self.document, layer)));
        let said = self.instead(operands, drawing);
        self.spoken.begin(&said);
    }

    /// What a part of the page is said to stand for, besides what it shows: instead of it (`ActualText`), or of what it means.
    fn instead(&self, operands: &[Operand], drawing: &Drawing<'a, '_>) -> Vec<(bool, String)> {
        let mut said = Vec::new();
        let mut add = |key: &[u8], value: &Object| {
            if matches!(key, b"ActualText" | b"Alt" | b"E")
                && let Ok(string) = decode_text_string(value)
            {
                said.push((key == b"ActualText", plain(&string)));
            }
        };
        match operands.last() {
            Some(Operand::List(pairs)) => {
                for pair in pairs.windows(2) {
                    if let [Operand::Name(key), Operand::Text(bytes)] = pair {
                        add(key, &Object::string_literal(bytes.clone()));
                    }
                }
            }
            Some(Operand::Name(name)) if operands.len() > 1 => {
                let found = drawing.resource(self.document, b"Properties", name);
                let properties = found.and_then(|found| dictionary(self.document, found));
                properties.into_iter().flat_map(Dictionary::iter).for_each(|(key, value)| {
                    let value = self.document.dereference(value).map_or(value, |(_, value)| value);
                    add(key, value);
                });
            }
            _ => {}
        }
        said
    }

    fn show(&mut self, operands: &[Operand], drawing: &mut Drawing<'a, '_>) {
        for operand in operands {
            match operand {
                Operand::Number(back) => drawing.advance(-back / 1_000.0 * drawing.state.size),
                Operand::Text(bytes) => self.show_string(bytes, drawing),
                _ => {}
            }
        }
    }

    fn show_string(&mut self, bytes: &[u8], drawing: &mut Drawing<'a, '_>) {
        let Some(font) = drawing.state.font.clone() else {
            // Text in a font that is not there: readers show it in one of theirs.
            if !bytes.iter().all(u8::is_ascii_whitespace) {
                self.doubts.say(Reason::Illegible);
            }
            return;
        };
        let height = drawing.text.then(drawing.state.page).height() * drawing.state.size.abs();
        for glyph in font.glyphs(bytes) {
            let State { size, between, between_words, .. } = drawing.state;
            let blank = if glyph.is_blank { between_words } else { 0.0 };
            let from = drawing.here();
            drawing.advance(glyph.width / 1_000.0 * size + between + blank);
            let shown = glyph.text.as_deref().unwrap_or_default();
            if shown.trim().is_empty() && self.untold.len() < 4_096 {
                self.untold.insert((drawing.state.font_number, glyph.code));
            }
            if glyph.is_disguised && self.disguised.len() < DISGUISED_MIN {
                self.disguised.insert((drawing.state.font_number, glyph.code));
            }
            if !shown.is_empty() {
                let to = drawing.here();
                self.placed.draw((from, to), height, shown, drawing.is_seen());
                self.spoken.write(from, to, height, shown);
                self.pen.write(from, to, height, shown, self.text);
            }
        }
    }

    /// Whether more characters showed nothing than a page has blanks and bullets.
    fn has_untold(&self) -> bool {
        let mut of_fonts: BTreeMap<usize, usize> = BTreeMap::new();
        for (font, _) in &self.untold {
            *of_fonts.entry(*font).or_default() += 1;
        }
        let some = of_fonts.values().any(|codes| *codes > UNTOLD_OF_FONT_MAX);
        // One blank is every font's right.
        let together: usize = of_fonts.values().map(|codes| codes.saturating_sub(1)).sum();
        some || together > UNTOLD_MAX
    }
}
