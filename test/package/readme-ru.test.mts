/** The Russian README is written by hand; these facts of the code must not run away from it. */
import { expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as pack from '../../index.ts';

const root = join(__dirname, '..', '..');
const russian = readFileSync(join(root, 'README.ru.md'), 'utf8');
const english = readFileSync(join(root, 'README.md'), 'utf8');

/** Cells of the table rows whose first cell is a name in code type; one list per row. */
const rows = russian
	.split('\n')
	.filter((line) => /^\| `[^`]+` \|/.test(line))
	.map((line) =>
		line
			.slice(1, -1)
			.split('|')
			.map((cell) => cell.trim()),
	);
const rowsOf = (name: string) => rows.filter(([first]) => first === `\`${name}\``);

test('the statuses are those of the code, in its order, with what counts as failed', () => {
	const names: string[] = pack.STATUSES.map(({ status }) => status);
	const told = rows.filter((cells) => cells.length === 4 && names.includes(cells[0].slice(1, -1)));
	expect(told.map(([status, , failed]) => [status, failed])).toEqual(
		pack.STATUSES.map(({ status, failed }) => [`\`${status}\``, failed ? 'да' : 'нет']),
	);
	// Whether to send again is answered alike where the code answers alike.
	const answers = new Map(pack.STATUSES.map(({ sendAgain }, at) => [sendAgain, told[at][3]]));
	expect(told.map((cells) => cells[3])).toEqual(pack.STATUSES.map(({ sendAgain }) => answers.get(sendAgain)));
	expect(new Set(answers.values()).size).toBe(answers.size);
});

test('every node has its row, with its page', () => {
	for (const { vendor, title, name } of [...pack.operations, ...pack.readOperations]) {
		const page = `nodes/${vendor.replaceAll(' ', '')}/README.md#${`${vendor} ${title}`.toLowerCase().replaceAll(' ', '-')}`;
		const beginning = `| [${vendor} ${title}](${page}) (\`${name}\`) | `;
		const row = russian.split('\n').find((line) => line.startsWith(beginning));
		expect(row ? '' : `README.ru.md has no row that begins with ${beginning}`).toBe('');
		// What it does is said in Russian.
		expect(row?.slice(beginning.length)).toMatch(/[а-я]{4}/);
	}
});

test('every credential has its row', () => {
	const all = [...pack.operations, ...pack.readOperations];
	for (const type of new Set(all.map(({ credential }) => credential.type)))
		expect(rowsOf(type)).toHaveLength(1);
});

test('it has the rows of the English table of what goes wrong; the two about carts are one', () => {
	const rowsUnder = (text: string, heading: string) =>
		(text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
			.split('\n')
			.filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
	const [told, all] = [
		rowsUnder(russian, 'Если что-то не так'),
		rowsUnder(english, 'When something is wrong'),
	];
	expect(all.length).toBeGreaterThan(10);
	expect(told).toHaveLength(all.length - 1);
});

test('the options it names are those of the form', () => {
	const labels = new Set(
		pack.operations.flatMap((operation) => pack.settingRows(operation).map(({ label }) => label)),
	);
	const section = /## Опции и лимиты([\s\S]*?)\n## |## Опции и лимиты([\s\S]*)$/.exec(russian)?.[0] ?? '';
	const named = [...section.matchAll(/\*([A-Z][A-Za-z ()]+)\*(?= \()/g)].map(([, label = '']) => label);
	expect(named.length).toBeGreaterThanOrEqual(6);
	expect(named.filter((label) => !labels.has(label))).toEqual([]);
});

test('its links lead somewhere', () => {
	const anchors = new Set(
		[...english.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
			heading
				.toLowerCase()
				.replace(/[^\p{L}\d\s_-]/gu, '')
				.replaceAll(' ', '-'),
		),
	);
	for (const [, path, anchor] of russian.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)) {
		if (path.startsWith('http')) continue;
		expect(existsSync(join(root, path)) ? '' : path).toBe('');
		if (path === 'README.md' && anchor) expect(anchors).toContain(anchor);
	}
	expect(russian.startsWith('[English](README.md)')).toBe(true);
});
