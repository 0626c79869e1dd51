import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PdfDocument from 'pdfkit';
import type { Paper, PaperBlock, Press } from '../../core/paper.ts';

const require = createRequire(import.meta.url);
/** Noto Sans SC (SIL Open Font License 1.1); only the glyphs that a paper uses go into its file. */
const FONT = join(
  dirname(require.resolve('@embedpdf/fonts-sc')),
  '../fonts/NotoSansHans-Regular.otf',
);
const MARGIN = 48;
const SIZES = { title: 18, heading: 13, text: 9.5, table: 8, foot: 7.5 };
const PAD = 3;
const INK = '#16282b';
const LINE = '#c5cdca';

type Doc = InstanceType<typeof PdfDocument>;

/** Prints on A4, with its font within; a character that the font lacks shows as an empty box. */
export const printPaper: Press = (paper) =>
  new Promise((done, reject) => {
    const doc = new PdfDocument({
      ...{ size: 'A4', margin: MARGIN, bufferPages: true, font: FONT },
      info: { Title: paper.title, CreationDate: paper.madeAt, ModDate: paper.madeAt },
    });
    const parts: Buffer[] = [];
    doc.on('data', (part: Buffer) => void parts.push(part));
    doc.on('end', () => done(Buffer.concat(parts)));
    doc.on('error', reject);
    doc.fillColor(INK).fontSize(SIZES.title).text(paper.title).moveDown(0.5);
    facts(doc, paper);
    for (const block of paper.blocks) draw(doc, block);
    foot(doc, paper);
    doc.end();
  });

const widthOf = (doc: Doc) => doc.page.width - 2 * MARGIN;
const bottomOf = (doc: Doc) => doc.page.height - MARGIN - 16;

function facts(doc: Doc, { facts: all }: Paper): void {
  const columns = [
    { name: '', share: 1 },
    { name: '', share: 3 },
  ];
  for (const { name, value } of all) row(doc, columns, [name, value]);
  doc.moveDown(0.5);
}

function draw(doc: Doc, block: PaperBlock): void {
  if (block.kind === 'table') {
    table(doc, block);
    return;
  }
  const size = SIZES[block.kind];
  if (doc.y + 4 * size > bottomOf(doc)) doc.addPage();
  doc
    .moveDown(0.5)
    .fontSize(size)
    .text(block.text, MARGIN, doc.y, { width: widthOf(doc) });
  doc.moveDown(0.3);
}

type Table = Extract<PaperBlock, { kind: 'table' }>;

/** The head stands again at the top of each page. */
function table(doc: Doc, { columns, rows }: Table): void {
  const head = () =>
    row(
      doc,
      columns,
      columns.map(({ name }) => name),
    );
  head();
  for (const cells of rows) {
    if (doc.y + heightOf(doc, columns, cells) > bottomOf(doc)) {
      doc.addPage();
      head();
    }
    row(doc, columns, cells);
  }
  doc.moveDown(0.3);
}

const shares = (doc: Doc, columns: Table['columns']): number[] => {
  const all = columns.reduce((sum, { share }) => sum + share, 0);
  return columns.map(({ share }) => (widthOf(doc) * share) / all);
};

function heightOf(doc: Doc, columns: Table['columns'], cells: readonly string[]): number {
  doc.fontSize(SIZES.table);
  const widths = shares(doc, columns);
  const heights = cells.map((cell, at) =>
    doc.heightOfString(cell, { width: (widths[at] ?? 0) - 2 * PAD }),
  );
  return Math.max(...heights) + 2 * PAD;
}

function row(doc: Doc, columns: Table['columns'], cells: readonly string[]): void {
  const height = heightOf(doc, columns, cells);
  const top = doc.y;
  let left = MARGIN;
  for (const [at, width] of shares(doc, columns).entries()) {
    const place = { width: width - 2 * PAD, height: height + 1 };
    doc.text(cells[at] ?? '', left + PAD, top + PAD, place);
    left += width;
  }
  const y = top + height;
  doc
    .moveTo(MARGIN, y)
    .lineTo(MARGIN + widthOf(doc), y)
    .lineWidth(0.5)
    .stroke(LINE);
  doc.x = MARGIN;
  doc.y = y;
}

function foot(doc: Doc, { foot: words }: Paper): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page);
    const at = { width: widthOf(doc), align: 'center' as const, lineBreak: false };
    // Below the margin text would begin another page.
    doc.page.margins.bottom = 0;
    doc
      .fontSize(SIZES.foot)
      .text(`${words} · ${page + 1} / ${count}`, MARGIN, bottomOf(doc) + 20, at);
  }
}
