/** Takes parts of the pack's README over into the README of one vendor's package. */
import { pageOf, rawOf, type Repository } from './github.mts';

/** What stands below a heading, up to the next one of its level or above. */
export function sectionOf(readme: string, heading: string): string {
	const lines = readme.split('\n');
	const begin = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
	if (begin < 0) throw new Error(`README.md has no section '${heading}'`);
	const level = /^#+/.exec(lines[begin] ?? '')?.[0].length ?? 0;
	const length = lines.slice(begin + 1).findIndex((line) => {
		const other = /^(#+) /.exec(line)?.[1];
		return other !== undefined && other.length <= level;
	});
	return lines
		.slice(begin + 1, length < 0 ? undefined : begin + 1 + length)
		.join('\n')
		.trim();
}

/** A README in parts: code blocks, tables and other lines that stay as they are, and paragraphs of running text, each in one line. */
function blocksOf(text: string): Array<{ kind: 'code' | 'row' | 'text'; text: string }> {
	const blocks: Array<{ kind: 'code' | 'row' | 'text'; text: string }> = [];
	let isCode = false;
	let isOpen = false;
	for (const line of text.split('\n')) {
		const last = blocks.at(-1);
		if (isCode || line.startsWith('```')) {
			blocks.push({ kind: 'code', text: line });
			if (line.startsWith('```')) isCode = !isCode;
			isOpen = false;
		} else if (line === '' || /^[|<#]/.test(line)) {
			blocks.push({ kind: line.startsWith('|') ? 'row' : 'code', text: line });
			isOpen = false;
		} else if (isOpen && last) {
			last.text += ` ${line}`;
		} else {
			blocks.push({ kind: 'text', text: line });
			isOpen = true;
		}
	}
	return blocks;
}

const sentencesOf = (paragraph: string): string[] => paragraph.split(/(?<=[.?!]) (?=[A-Z*])/);

/** Rows and sentences: the units that are about one vendor or about all. */
export const unitsOf = (text: string): string[] =>
	blocksOf(text).flatMap((block) =>
		block.kind === 'code' ? [] : block.kind === 'row' ? [block.text] : sentencesOf(block.text),
	);

/** Rows of tables and sentences that are about another vendor are left out. */
export function forVendor(text: string, vendor: string, vendors: readonly string[]): string {
	const others = vendors.filter((other) => other !== vendor);
	const isForeign = (part: string): boolean => others.some((other) => part.includes(other));
	return blocksOf(text)
		.filter(({ kind, text: line }) => !(kind === 'row' && isForeign(line)))
		.map(({ kind, text: line }) =>
			kind === 'text'
				? sentencesOf(line)
						.filter((sentence) => !isForeign(sentence))
						.join(' ')
				: line,
		)
		.join('\n');
}

/** Links and pictures lead to the repository: on npm there is nothing beside a README. */
export function withAddresses(text: string, repository: Repository): string {
	const isPicture = (path: string): boolean => /\.(png|gif|svg)$/.test(path);
	const addressOf = (path: string): string =>
		isPicture(path) ? rawOf(repository, path) : pageOf(repository, path);
	return text
		.replace(/\]\((?!https?:|#)([^)\s]+)\)/g, (_, path: string) => `](${addressOf(path)})`)
		.replace(
			/(src|srcset)="(?!https?:)([^"]+)"/g,
			(_, name: string, path: string) => `${name}="${addressOf(path)}"`,
		)
		.replace(
			/`([a-z-]+\.json)`/g,
			(_, recipe: string) => `[\`${recipe}\`](${pageOf(repository, `workflows/recipes/${recipe}`)})`,
		);
}

/** A `##` part of the pack's README becomes part of a `###` section, and so on. */
export const deeper = (text: string): string => text.replace(/^(#+) /gm, '#$1 ');

/** The generated parts stand between comments that mean nothing in this README. */
export const withoutMarkers = (text: string): string =>
	text.replace(/<!-- (?:generated: |end of )\w+ -->\n*/g, '').trim();
