/**
 * What people and agents find: the phrases of `test/support/node-search.mts` among all nodes of the real n8n, in the panel of
 * its editor, by the library of that panel, and in the search of its AI builder.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { INodeTypeDescription } from 'n8n-workflow';
import type { Page } from 'playwright-core';

import { packageJson } from '../../tools/scripts/real-n8n.mts';
import {
	isFound,
	LISTED,
	OTHER_NODES,
	PHRASES,
	searchOfEditor,
	type Phrase,
	type SublimeSearch,
} from '../support/node-search.mts';
import { HELD_OUT } from '../support/held-out-phrases.mts';
import { launchBrowser } from './browser.mts';
import type { Checks } from './checks.mts';
import { openWorkflow, signedIn, test } from './editing.mts';
import type { RunningStage } from './stage.mts';
import * as ownWorkflows from './workflows.mts';

/** The least part of the phrases that must find one of their nodes among the first five: 37 of 40. */
const LEAST = 37 / 40;

/** A twin takes a second of the five places, n8n's own first. */
const LEAST_WITH_TWINS = 35 / 40;

/** Of the phrases that no search word was chosen for: 65 of 66 in the editor, 61 in the AI builder, 57 with twins. */
const LEAST_HELD_OUT = { editor: 63 / 66, builder: 59 / 66, withTwins: 55 / 66 };

const { name: PACKAGE } = packageJson();

type Builder = { searchNodeTypes(query: string, limit: number): Array<{ id: string }> };

/** n8n's own modules, from where its program lies. */
function modulesOf({ place }: RunningStage): { load: NodeJS.Require; folder: string } {
	const script = place.command.args[0];
	assert.ok(script, 'n8n was not started by a script of its package');
	const load = createRequire(script);
	return { load, folder: dirname(dirname(load.resolve('n8n/package.json'))) };
}

/** The popularity that n8n's editor adds to its own nodes, out of its built files. */
function popularityIn(assets: string): Map<string, number> {
	for (const file of readdirSync(assets).filter((name) => name.endsWith('.js'))) {
		const found = [
			...readFileSync(join(assets, file), 'utf8').matchAll(/\{id:`([^`]+)`,popularity:([\d.]+)\}/g),
		];
		if (found.length > 100) return new Map(found.map(([, id, value]) => [id, Number(value)]));
	}
	throw new Error('the editor has no list of popular nodes any more');
}

const latestOf = ({ version }: INodeTypeDescription) => Math.max(...[version].flat());

/** The newest version of each node; the twins that n8n makes for AI agents are no nodes of the panel. */
function shownNodes(all: readonly INodeTypeDescription[]): INodeTypeDescription[] {
	const newest = new Map<string, INodeTypeDescription>();
	for (const node of all) {
		const known = newest.get(node.name);
		if (!node.hidden && (!known || latestOf(node) > latestOf(known))) newest.set(node.name, node);
	}
	const nodes = [...newest.values()];
	return nodes.filter((node) => !isTwin(node, nodes));
}

function isTwin({ name }: INodeTypeDescription, all: readonly INodeTypeDescription[]): boolean {
	const original = name.replace(/(?:Hitl)?Tool$/, '');
	return original !== name && all.some((other) => other.name === original);
}

/** Checks the share of found phrases; what was not found is printed with what came first instead, unless it is held out. */
function judge(phrases: readonly Phrase[], search: (text: string) => readonly string[], least = LEAST): void {
	const missed = phrases
		.map((phrase) => ({ phrase, found: search(phrase.text) }))
		.filter(({ phrase, found }) => !isFound(phrase, found));
	const lines = missed.map(
		({ phrase, found }) =>
			`'${phrase.text}' finds ${found.slice(0, LISTED).join(', ') || 'nothing'}, not ${phrase.nodes.join(' or ')}`,
	);
	console.log(
		`      ${phrases.length - missed.length} of ${phrases.length} phrases find their node among the first ${LISTED}`,
	);
	// Nobody is to choose words for those that are held out.
	if (phrases !== HELD_OUT) for (const line of lines) console.log(`      ${line}`);
	assert.ok(
		missed.length <= phrases.length * (1 - least),
		`${missed.length} of ${phrases.length} were not found`,
	);
}

/** Types into the panel as a person does, and reads the names that it lists first. */
async function listedInPanel(page: Page, text: string): Promise<string[]> {
	await page.locator(test('node-creator-search-bar')).fill(text);
	// The panel waits for the end of typing.
	await page.waitForTimeout(400);
	const names = await page
		.locator(`${test('node-creator')} ${test('node-creator-item-name')}`)
		.allInnerTexts();
	return names.map((name) => name.trim());
}

export async function checkSearch({ check }: Checks, stage: RunningStage): Promise<void> {
	const { load, folder } = modulesOf(stage);
	const all = await stage.rest.get<INodeTypeDescription[]>('/types/nodes.json');
	const shown = shownNodes(all);
	const ours = new Map(
		shown
			.filter(({ name }) => name.startsWith(`${PACKAGE}.`))
			.map(({ name, displayName }) => [displayName, name]),
	);
	const own = new Set([...ours.values()].map((name) => name.slice(PACKAGE.length + 1)));
	const phrases = PHRASES.filter(({ nodes }) => nodes.some((name) => own.has(name)));
	const { sublimeSearch } = load('@n8n/utils/search/sublime-search') as { sublimeSearch: SublimeSearch };
	const popularity = popularityIn(join(folder, 'n8n-editor-ui', 'dist', 'assets'));

	await check('search: by the library of the editor, among all nodes of n8n', async () => {
		assert.ok(phrases.length >= 40, `only ${phrases.length} phrases`);
		const search = (text: string) => searchOfEditor(text, shown, sublimeSearch, popularity);
		judge(phrases, search);
		console.log('      Phrases that no search word was chosen for:');
		judge(HELD_OUT, search, LEAST_HELD_OUT.editor);
	});

	await check('search: in the AI builder’s search for nodes', async () => {
		const catalog = createRequire(join(folder, '@n8n', 'ai-utilities', 'package.json'));
		const { NodeTypeParser } = catalog('./dist/cjs/node-catalog/node-type-parser.js') as {
			NodeTypeParser: new (nodes: INodeTypeDescription[]) => Builder;
		};
		const builderOf = (nodes: INodeTypeDescription[]) => {
			const builder = new NodeTypeParser(nodes);
			return (text: string) => builder.searchNodeTypes(text, LISTED).map(({ id }) => id);
		};
		const withoutTwins = builderOf(all.filter((node) => !isTwin(node, all)));
		judge(phrases, withoutTwins);
		judge(HELD_OUT, withoutTwins, LEAST_HELD_OUT.builder);
		console.log('      The same where each node has its twin for AI agents beside it, as in a running n8n:');
		judge(phrases, builderOf(all), LEAST_WITH_TWINS);
		judge(HELD_OUT, builderOf(all), LEAST_HELD_OUT.withTwins);
	});

	await check('search: other things are found first by their own words', async () => {
		for (const name of OTHER_NODES) {
			const found = searchOfEditor(name, shown, sublimeSearch, popularity);
			assert.deepEqual(
				found.filter((one) => one.startsWith(`${PACKAGE}.`)),
				[],
				name,
			);
		}
	});

	await check(
		'search: who types the name of a node, or its beginning, finds none of ours before it',
		async () => {
			const earlier: string[] = [];
			for (const { name, displayName } of shown.filter((node) => !node.name.startsWith(`${PACKAGE}.`))) {
				for (const length of [3, 4, 5, 6, 8, displayName.length]) {
					const text = displayName.slice(0, length).trim();
					const found = searchOfEditor(text, shown, sublimeSearch, popularity);
					const at = found.indexOf(name);
					const before = found.slice(0, at < 0 ? undefined : at).find((one) => one.startsWith(`${PACKAGE}.`));
					if (before) earlier.push(`'${text}' finds ${before} before ${name}`);
				}
			}
			assert.deepEqual(earlier, []);
		},
	);

	const browser = await launchBrowser();
	try {
		await check(
			'search: typed into the panel of the editor',
			async () => {
				const { page } = await signedIn(browser, stage, 'light');
				await openWorkflow(page, stage, ownWorkflows.editor.light.id);
				await page.locator(test('canvas-handle-plus')).last().click();
				const found = new Map<string, string[]>();
				for (const { text } of phrases) {
					const names = await listedInPanel(page, text);
					found.set(
						text,
						names.map((name) => ours.get(name) ?? name),
					);
				}
				judge(phrases, (text) => found.get(text) ?? []);
			},
			300,
		);
	} finally {
		await browser.close();
	}
}
