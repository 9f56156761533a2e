/**
 * What people find in n8n's node panel. Here only among our own nodes, by the library that the panel uses; among all of
 * n8n's, in its real editor and in the search of its AI builder, by `npm run test:e2e -- --only search`.
 */
import { describe, expect, test } from '@jest/globals';
import { sublimeSearch } from '@n8n/utils/search/sublime-search';

import { operations, readOperations } from '../../index.ts';
import { loadPack } from '../../tools/harness/engine.mts';
import { codexOf } from '../../tools/scripts/codex.mts';
import { PACKAGE } from '../support/bench.mts';
import { HELD_OUT } from '../support/held-out-phrases.mts';
import {
	holds,
	isFound,
	OTHER_NODES,
	PHRASES,
	searchOfEditor,
	type SearchedNode,
	type SublimeSearch,
} from '../support/node-search.mts';

const search = sublimeSearch as SublimeSearch;
const all = [...operations, ...readOperations];
const nodes: SearchedNode[] = all.map((operation) => ({
	name: `${PACKAGE}.${operation.name}`,
	displayName: `${operation.vendor} ${operation.title}`,
	codex: codexOf(operation, PACKAGE, 'https://example.com'),
	group: ['output'],
	version: 1,
}));
const names = all.map(({ name }) => name);

test('no phrase is both chosen for and held out', () => {
	expect(HELD_OUT.length).toBeGreaterThanOrEqual(60);
	const chosen = PHRASES.map(({ text }) => text);
	expect(HELD_OUT.filter(({ text }) => chosen.includes(text))).toEqual([]);
	expect(HELD_OUT.flatMap(({ nodes: meant }) => meant).filter((name) => !names.includes(name))).toEqual([]);
});

test('there are forty phrases, and each is meant for nodes that exist or are on their way', () => {
	expect(PHRASES.length).toBeGreaterThanOrEqual(40);
	expect(new Set(PHRASES.map(({ text }) => text)).size).toBe(PHRASES.length);
});

/** The letters of `merge` stand in two of them in order, and AdMob is not ours. */
const NOT_FOUND = ['customer segments', 'appmetrica get events', 'admob impressions'];

test.each(PHRASES.filter((phrase) => phrase.nodes.some((name) => names.includes(name))))(
	'$text',
	(phrase) => {
		const found = searchOfEditor(phrase.text, nodes, search);
		expect({ text: phrase.text, found: found.slice(0, 5), isFound: isFound(phrase, found) }).toMatchObject({
			isFound: !NOT_FOUND.includes(phrase.text),
		});
	},
);

describe('what is sent, and to whom, is found in each of the usual forms', () => {
	const forms: ReadonlyArray<readonly [text: string, node: string]> = [
		['send purchase to yandex', 'appMetricaImportRevenue'],
		['purchases to appmetrica', 'appMetricaImportRevenue'],
		['yandex purchase', 'appMetricaImportRevenue'],
		['app metrica revenue', 'appMetricaImportRevenue'],
		['upload events to yandex', 'appMetricaImportEvents'],
		['orders from crm to appmetrica', 'appMetricaImportEcommerce'],
		['my tracker payments', 'myTrackerCustomRevenue'],
		['vk order', 'myTrackerOrder'],
		['track conversions to mytracker', 'myTrackerCustomEvent'],
		['gravityfield purchase', 'gravityFieldStoreEvent'],
		['send page view to gravity field', 'gravityFieldStoreVisit'],
		['vibetrace orders', 'vibetraceSendEvent'],
		['upsert contacts', 'vibetraceSaveUser'],
		['get sessions', 'appMetricaExportLogs'],
		['fetch recommendations', 'gravityFieldGetCampaign'],
		['отправить покупку в аппметрику', 'appMetricaImportRevenue'],
		['загрузить заказы из crm', 'appMetricaImportEcommerce'],
		['передать событие в майтрекер', 'myTrackerCustomEvent'],
		['отправка событий в гравити филд', 'gravityFieldStoreEvent'],
		['отправить заказ в vibetrace', 'vibetraceSendEvent'],
		['скачать логи аппметрики', 'appMetricaExportLogs'],
		['выгрузка установок', 'appMetricaExportLogs'],
		['сохранить контакт', 'vibetraceSaveUser'],
		['purchases import', 'appMetricaImportRevenue'],
		['payment api mytracker', 'myTrackerCustomRevenue'],
		['vk conversions upload', 'myTrackerCustomEvent'],
		['my tracker order refund', 'myTrackerOrder'],
		['appmetrika subscription', 'appMetricaImportRevenue'],
		['app store subscription', 'myTrackerStorePayment'],
		['подписка app store', 'myTrackerStorePayment'],
		['users sync to vibetrace', 'vibetraceSaveUser'],
		['vibetrace contact import', 'vibetraceSaveUser'],
		['gravity корзина', 'gravityFieldStoreEvent'],
		['экспорт ошибок из appmetrica', 'appMetricaExportLogs'],
		['серверная отправка конверсий', 'myTrackerCustomEvent'],
		['заказы с сайта', 'myTrackerOrder'],
	];
	test.each(forms)('%s', (text, node) => {
		expect(isFound({ text, nodes: [node] }, searchOfEditor(text, nodes, search))).toBe(true);
	});
});

describe('each thing of a table is found in each order that people type', () => {
	test.each(all.map((operation) => [operation.name, operation.searchWords] as const))('%s', (name, words) => {
		const node = nodes.filter(({ name: full }) => full.endsWith(`.${name}`));
		const { english, russian } = words.vendor;
		const verb = { send: ['send', 'отправить'], save: ['save', 'сохранить'], read: ['export', 'выгрузить'] };
		const [inEnglish, inRussian] = verb[words.verb];
		const searches = [
			...words.things.english.flatMap((thing) => [
				`${english} ${thing}`,
				`${english.replaceAll(' ', '')} ${thing}`,
				`${thing} ${english}`,
				`${inEnglish} ${thing}`,
				`${inEnglish} ${thing} ${words.verb === 'read' ? 'from' : 'to'} ${english}`,
				`${english} ${inEnglish} ${thing}`,
			]),
			...words.things.russian
				.flatMap((forms) => forms.split(', '))
				.flatMap((thing) => [`${russian} ${thing}`, `${thing} ${russian}`, `${inRussian} ${thing}`]),
		];
		// `send logins to vk my tracker` holds the letters of `slack` in order.
		const asked = searches.filter((text) => !OTHER_NODES.some((other) => holds(text, other)));
		expect(asked.length).toBeGreaterThan(searches.length * 0.8);
		expect(asked.filter((text) => searchOfEditor(text, node, search).length === 0)).toEqual([]);
	});
});

describe('searches for other things do not find our nodes', () => {
	test.each(OTHER_NODES)('%s', (name) => expect(searchOfEditor(name, nodes, search)).toEqual([]));

	// The letters of a long text hold nearly every short word in order, and a long list nearly every word. A text in
	// Cyrillic letters holds no name in Latin ones.
	test.each(nodes.map((node) => [node.displayName, node] as const))(
		'%s has short entries, and not too many',
		(_, { codex }) => {
			const entries = codex?.alias ?? [];
			expect(entries.filter((entry) => entry.replace(/[а-яё ]/gi, '').length > 44)).toEqual([]);
			expect(entries.filter((entry) => entry.length > 120)).toEqual([]);
			expect(entries.length).toBeLessThanOrEqual(300);
		},
	);
});

describe('the AI builder is told when to take a node', () => {
	test('by the hint of its table', async () => {
		const { nodes: built } = await loadPack(process.cwd());
		for (const { name, searchHint } of all) {
			const hint = built[`${PACKAGE}.${name}`].description.builderHint?.searchHint;
			expect({ name, hint }).toEqual({ name, hint: searchHint });
		}
	});

	test('and a node that has neighbours of its vendor names one', () => {
		for (const { name, vendor, searchHint } of all) {
			const others = all.filter((other) => other.vendor === vendor && other.name !== name);
			if (others.length === 0 || searchHint === undefined) continue;
			const named = others.filter(({ title }) => searchHint.includes(title));
			expect({ name, named: named.length > 0 || searchHint.includes('other') }).toEqual({
				name,
				named: true,
			});
		}
	});
});
