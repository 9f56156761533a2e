/**
 * The phrases by which n8n finds a node. Its editor finds a search whose letters stand in their order in one phrase, so a
 * phrase lists what may be typed in one place: `send, track purchases to Some Vendor` is found by `track purchase` and
 * `purchases somevendor`. Its AI builder looks for each word alone and prefers phrases that begin with it: verbs that fit
 * every node stand behind other words, so that the word for what is sent decides.
 */
import type { SearchWords } from '../../nodes/engine/operation/searchWords.ts';

/**
 * A longer phrase holds too many other searches by chance; one in Cyrillic letters holds no names in Latin ones, but n8n's
 * search takes long over it: at 200 characters twice the time that it takes at 120.
 */
export const LONGEST = { latin: 44, all: 120 };

/** Nodes that many people look for: no phrase may hold the letters of one in their order. */
const POPULAR = [
	...['airtable', 'crypto', 'data table', 'discord', 'github', 'gmail', 'google sheets', 'http request'],
	...['hubspot', 'loop', 'merge', 'mysql', 'postgres', 'schedule', 'shopify', 'slack', 'stripe', 'supabase'],
	...['switch', 'telegram', 'twilio', 'webhook'],
];

const isCyrillic = (text: string): boolean => /[а-яё]/i.test(text);

/** Whether all letters of `search` stand in `phrase` in their order, as n8n's search asks. */
function holds(phrase: string, search: string): boolean {
	let at = 0;
	for (const letter of phrase.toLowerCase()) if (letter === search[at]) at++;
	return at === search.length;
}

const isFit = (phrase: string): boolean =>
	phrase.length <= LONGEST.all &&
	phrase.replace(/[а-яё ]/gi, '').length <= LONGEST.latin &&
	!POPULAR.some((name) => holds(phrase, name));

/** The words in as few phrases as can hold them; `phrase` puts a list of them into its place. */
function packed(words: readonly string[], phrase: (list: string) => string): string[] {
	const lists: string[] = [];
	for (const word of words) {
		const last = lists.at(-1);
		const longer = last === undefined ? word : `${last}, ${word}`;
		if (last !== undefined && isFit(phrase(longer))) lists[lists.length - 1] = longer;
		else if (isFit(phrase(word))) lists.push(word);
	}
	return lists.map(phrase);
}

/** `%` is the thing, a group in brackets what people choose from, `{to}` the vendor with its preposition. */
type Patterns = { english: readonly string[]; russian: readonly string[] };

const PATTERNS: Record<SearchWords['verb'], Patterns> = {
	send: {
		english: [
			'to (send|track|upload|import|post|push) % to {vendor}',
			'{vendor} (send|track|upload|import|post|push) %',
			'to (log|report|record|sync) %',
			'{vendor} % (import|upload|API|tracking)',
			'% (from CRM|upload|import|sync|API) to {vendor}',
			'% (upload|import|report|sync|tracking|API|data|event)',
			'(server side|server-side|S2S|server to server|offline|new|user|customer|in-app|mobile app|website|shop) %',
			'% from or in (website|mobile app|shop|CRM)',
		],
		russian: [
			'{vendor} (отправить|передать|загрузить|отследить) %',
			'{vendor} серверная (отправка|передача|импорт|загрузка) %',
			'как (отправить|передать|загрузить|импортировать|отправка|передача|импорт|загрузка) % из CRM {to}',
			'(серверные|серверных|офлайн|S2S|новые) % с сервера, в приложении, на сайте, пользователя, клиента',
			'(трекинг|отслеживание|учет|событие|данные) % приложения, сайта, пользователей, клиентов',
			'{vendor} % (импорт|загрузка|отправка)',
		],
	},
	save: {
		english: [
			'to (send|create|update|save|add|import|upload|set|sync|upsert) % to {vendor}',
			'{vendor} (send|create|update|save|add|import|upload|set|sync|upsert) %',
			'{vendor} % (update|import|sync|API)',
			'% (from CRM|upload|import|sync|API) to {vendor}',
			'% (upload|import|update|sync|API|data|list)',
			'(new|mobile app|website|shop|CRM) %',
		],
		russian: [
			'(создать|добавить|сохранить|обновить|отправить|передать|загрузить|отправка|обновление|импорт) % из CRM {to}',
			'{vendor} (создать|добавить|сохранить|обновить|отправить|загрузить) %',
			'{vendor} (создание|обновление|импорт|загрузка|отправка) %',
			'(новые|данные|обновить) % в приложении, сайта, пользователя, клиента',
			'{vendor} % (импорт|загрузка|обновление)',
		],
	},
	read: {
		english: [
			'to (get|read|export|fetch|download|load) % from {vendor}',
			'{vendor} (get|read|export|fetch|download) %',
			'{vendor} % (export|report|API|data)',
			'% (export|download|report|API|data|logs|CSV)',
			'(raw|user|mobile app|website|customer) %',
		],
		russian: [
			'как (выгрузить|скачать|получить|загрузить|выгрузка|экспорт|скачивание|получение) % {from}',
			'{vendor} (выгрузить|скачать|получить|экспортировать) %',
			'{vendor} (выгрузка|экспорт|скачивание|отчет|отчёт) %',
			'(отчёт|отчет по|данные|логи|статистика) % приложения, пользователей',
			'% (выгрузка|экспорт)',
		],
	},
};

/** The phrases of a pattern for one thing; a choice that does not fit beside the vendor's whole name stands beside a part of it. */
function phrasesOf(pattern: string, values: Record<string, string>): string[] {
	const fill = (vendor: string) =>
		pattern.replace(/%|\{(\w+)\}/g, (_, name?: string) =>
			name === 'vendor' ? vendor : values[name ?? 'thing'],
		);
	const [group, choices = ''] = /\(([^()]+)\)/.exec(pattern) ?? [''];
	const at = (vendor: string) => (list: string) => fill(vendor).replace(group, list);
	const [first, ...rest] = values.vendor.split(' ');
	const whole = at(values.vendor);
	const unfit = choices.split('|').filter((choice) => !isFit(whole(choice)));
	return [
		...packed(choices.split('|'), whole),
		...(pattern.includes('{vendor}')
			? [first, rest.join(' ')].flatMap((part) => packed(unfit, at(part)))
			: []),
	];
}

/** Leaves out each longer phrase that another one holds: it finds nothing more. Short ones stand higher in the list when typed. */
function withoutHeld(words: readonly string[], made: readonly string[]): string[] {
	const all = [...new Set([...words, ...made])];
	const isShort = (text: string) => text.split(' ').length < 2 && words.includes(text);
	return all.filter(
		(text) =>
			isShort(text) || !all.some((other) => other.length > text.length && holds(other, text.toLowerCase())),
	);
}

/** Whether a phrase names the vendor itself. */
function names(phrase: string, { english, alsoSpelt = '', russian }: SearchWords['vendor']): boolean {
	const plain = (text: string) => text.toLowerCase().split(' ');
	const known = plain(`${english} ${alsoSpelt} ${russian}`).filter(
		(name) => name.length > 2 && name !== 'app',
	);
	return known.some((name) => phrase.toLowerCase().includes(name));
}

export function searchPhrases(search: SearchWords): string[] {
	const { vendor, words, verb, things, beside = [] } = search;
	const languages = [
		{
			patterns: PATTERNS[verb].english,
			things: things.english,
			name: vendor.english,
			of: (word: string) => !isCyrillic(word),
		},
		{ patterns: PATTERNS[verb].russian, things: things.russian, name: vendor.russian, of: isCyrillic },
	];
	const made = languages.flatMap(({ patterns, things: named, name, of }) => {
		const values = { vendor: name, to: vendor.into, from: vendor.from ?? vendor.into };
		const own = words.filter((word) => of(word) && !names(word, vendor));
		return [
			...named.flatMap((thing) => patterns.flatMap((pattern) => phrasesOf(pattern, { ...values, thing }))),
			// Stores and the like are named in Latin letters beside Russian words too.
			...named.flatMap((thing) => [
				...packed(beside, (list) => `${list} ${thing}`),
				...packed(beside, (list) => `${thing} ${list}`),
			]),
			...packed([...named, ...own], (list) => `${name} ${list}`),
			...packed([...named, ...own], (list) => `${list} ${name}`),
		];
	});
	const other = vendor.alsoSpelt;
	const spelt = other === undefined ? [] : things.english;
	return withoutHeld(words, [
		...made,
		...packed(spelt, (list) => `${other} ${list}`),
		...packed(spelt, (list) => `${list} ${other}`),
	]);
}
