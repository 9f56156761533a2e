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

test('every node has its row, with its credential', () => {
	for (const { vendor, title, name, credential } of pack.operations) {
		const [row] = russian
			.split('\n')
			.filter((line) => line.startsWith(`| ${vendor} ${title} (\`${name}\`) |`));
		expect(row).toBeDefined();
		expect(row.endsWith(`| \`${credential.type}\` |`)).toBe(true);
	}
});

test('every credential has its row', () => {
	for (const type of new Set(pack.operations.map(({ credential }) => credential.type)))
		expect(rowsOf(type)).toHaveLength(1);
});

test('every option has its row, under the label of the form, and no other is named', () => {
	const settings = pack.operations.flatMap((operation) => pack.settingRows(operation));
	const options = new Map(settings.map(({ name, label }) => [name, label]));
	for (const [name, label] of options)
		expect(rowsOf(name).map(([, inTheForm]) => inTheForm)).toEqual([label]);
	const known = [
		...options.keys(),
		...pack.STATUSES.map(({ status }) => status as string),
		...pack.operations.map(({ credential }) => credential.type),
	];
	const inTables = rows.map(([first]) => first.slice(1, -1)).filter((name) => /^[a-zA-Z]+$/.test(name));
	expect(inTables.filter((name) => !known.includes(name))).toEqual([]);
	for (const setting of settings) {
		if (setting.type !== 'options') continue;
		const [row] = rowsOf(setting.name);
		for (const { value } of setting.values) expect(row.join(' ')).toContain(`\`${value}\``);
	}
});

test('its links lead somewhere, and to the reference of every node', () => {
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
	for (const { vendor, title } of pack.operations)
		expect(russian).toContain(`](README.md#${`${vendor} ${title}`.toLowerCase().replaceAll(' ', '-')})`);
	expect(russian.startsWith('[English](README.md)')).toBe(true);
});
