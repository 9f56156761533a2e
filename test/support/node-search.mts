/** n8n's two searches for nodes, the editor's and that of its AI builder, and what people type there. */
import type { INodeTypeDescription } from 'n8n-workflow';

/** What somebody types, and the nodes of ours that do it; one of them should come first. */
export interface Phrase {
	text: string;
	nodes: readonly string[];
}

const phrase = (text: string, ...nodes: string[]): Phrase => ({ text, nodes });

/** Written before the search words were, from what each node does, as somebody types who has not seen them. */
export const PHRASES: readonly Phrase[] = [
	// What the vendors are.
	phrase('mobile analytics', 'appMetricaImportEvents', 'myTrackerCustomEvent'),
	phrase('app analytics', 'appMetricaImportEvents', 'myTrackerCustomEvent'),
	phrase('mobile attribution', 'myTrackerCustomEvent', 'myTrackerRegistration'),
	phrase('yandex analytics', 'appMetricaImportEvents'),
	phrase('personalization', 'gravityFieldGetCampaign', 'gravityFieldStoreEvent'),
	phrase('product recommendations', 'gravityFieldGetCampaign', 'gravityFieldStoreEvent'),
	phrase('marketing automation', 'vibetraceSendEvent', 'vibetraceCreateEvent', 'vibetraceSaveUser'),
	phrase('appmetrika', 'appMetricaImportEvents'),
	phrase('vk tracker', 'myTrackerCustomEvent', 'myTrackerRegistration'),
	// What happened.
	phrase('track event', 'myTrackerCustomEvent', 'gravityFieldStoreEvent', 'vibetraceSendEvent'),
	phrase('custom event', 'myTrackerCustomEvent'),
	phrase('send event to yandex', 'appMetricaImportEvents'),
	phrase('server side tracking', 'myTrackerCustomEvent', 'appMetricaImportEvents', 'gravityFieldStoreEvent'),
	phrase('conversion', 'myTrackerCustomEvent', 'appMetricaImportEvents'),
	phrase('offline conversion', 'appMetricaImportEvents', 'myTrackerCustomEvent'),
	phrase('sign up', 'myTrackerRegistration'),
	phrase('user login event', 'myTrackerLogin', 'vibetraceSendEvent'),
	phrase('page view', 'gravityFieldStoreVisit'),
	phrase('add to cart', 'gravityFieldStoreEvent', 'appMetricaImportEcommerce'),
	phrase('ecommerce events', 'appMetricaImportEcommerce', 'gravityFieldStoreEvent', 'myTrackerOrder'),
	phrase('order confirmation', 'vibetraceSendEvent', 'vibetraceCreateEvent'),
	// Money.
	phrase(
		'purchase',
		'gravityFieldStoreEvent',
		'appMetricaImportRevenue',
		'myTrackerCustomRevenue',
		'myTrackerOrder',
	),
	phrase('revenue', 'myTrackerCustomRevenue', 'appMetricaImportRevenue'),
	phrase('in-app purchase', 'appMetricaImportRevenue', 'myTrackerStorePayment'),
	phrase('subscription renewal', 'appMetricaImportRevenue', 'myTrackerStorePayment'),
	phrase('google play payment', 'myTrackerStorePayment'),
	phrase('ad revenue', 'appMetricaImportAdRevenue'),
	phrase('roas', 'appMetricaImportAdRevenue', 'myTrackerCustomRevenue'),
	phrase('refund', 'appMetricaImportRevenue', 'gravityFieldStoreEvent'),
	// People and data.
	phrase('update user profile', 'appMetricaImportProfiles', 'vibetraceSaveUser', 'gravityFieldStoreUser'),
	phrase('save contact', 'vibetraceSaveUser'),
	phrase('export raw data', 'appMetricaExportLogs'),
	phrase('upload csv events', 'appMetricaImportEvents'),
	// The same in Russian.
	phrase('аналитика', 'appMetricaImportEvents', 'myTrackerCustomEvent'),
	phrase('мобильная аналитика', 'appMetricaImportEvents', 'myTrackerCustomEvent'),
	phrase(
		'отправить событие',
		'myTrackerCustomEvent',
		'appMetricaImportEvents',
		'gravityFieldStoreEvent',
		'vibetraceSendEvent',
	),
	phrase('яндекс метрика', 'appMetricaImportEvents'),
	phrase('оплата', 'myTrackerCustomRevenue', 'appMetricaImportRevenue', 'myTrackerStorePayment'),
	phrase(
		'покупка',
		'gravityFieldStoreEvent',
		'appMetricaImportRevenue',
		'myTrackerCustomRevenue',
		'myTrackerOrder',
	),
	phrase('подписка', 'appMetricaImportRevenue', 'myTrackerStorePayment'),
	phrase('заказ', 'myTrackerOrder', 'vibetraceSendEvent', 'gravityFieldStoreEvent'),
	phrase('корзина', 'gravityFieldStoreEvent', 'appMetricaImportEcommerce'),
	phrase('регистрация пользователя', 'myTrackerRegistration'),
	phrase('профиль', 'appMetricaImportProfiles', 'vibetraceSaveUser', 'gravityFieldStoreUser'),
	phrase('выручка', 'myTrackerCustomRevenue', 'appMetricaImportRevenue'),
	phrase('персонализация', 'gravityFieldGetCampaign', 'gravityFieldStoreEvent'),
	phrase('выгрузка событий', 'appMetricaExportLogs'),
	// Held out until 26 November 2026, from two authors who had not seen the words; then words were chosen by them.
	phrase(
		'tracker my com',
		'myTrackerRegistration',
		'myTrackerLogin',
		'myTrackerCustomEvent',
		'myTrackerCustomRevenue',
		'myTrackerStorePayment',
		'myTrackerOrder',
	),
	phrase('mytracker events', 'myTrackerCustomEvent'),
	phrase('mytracker conversions', 'myTrackerCustomEvent', 'myTrackerCustomRevenue'),
	phrase('vk events api', 'myTrackerCustomEvent'),
	phrase('mobile app tracking', 'myTrackerCustomEvent', 'appMetricaImportEvents'),
	phrase('app attribution', 'myTrackerCustomEvent', 'appMetricaImportEvents'),
	phrase('install attribution', 'myTrackerCustomEvent', 'appMetricaExportLogs'),
	phrase(
		'server conversions',
		'myTrackerCustomEvent',
		'appMetricaImportEvents',
		'gravityFieldStoreEvent',
		'vibetraceSendEvent',
	),
	phrase('send conversion to vk', 'myTrackerCustomEvent'),
	phrase('game analytics', 'myTrackerCustomEvent', 'appMetricaImportEvents'),
	phrase('tutorial completed', 'myTrackerCustomEvent', 'appMetricaImportEvents'),
	phrase('register user', 'myTrackerRegistration', 'gravityFieldStoreUser', 'vibetraceSaveUser'),
	phrase('signup tracking', 'myTrackerRegistration'),
	phrase('user sign in', 'myTrackerLogin', 'gravityFieldStoreEvent', 'vibetraceSendEvent'),
	phrase('session start', 'myTrackerLogin'),
	phrase('cash sale', 'myTrackerCustomRevenue'),
	phrase('revenue from crm', 'myTrackerCustomRevenue', 'appMetricaImportRevenue', 'myTrackerOrder'),
	phrase('bank payment', 'myTrackerCustomRevenue'),
	phrase('app store purchase', 'myTrackerStorePayment'),
	phrase('google play subscription renewal', 'myTrackerStorePayment'),
	phrase('trial started', 'myTrackerStorePayment', 'appMetricaImportRevenue'),
	phrase('purchase verification', 'myTrackerStorePayment'),
	phrase('order paid', 'myTrackerOrder', 'vibetraceSendEvent'),
	phrase('cancel order', 'myTrackerOrder', 'appMetricaImportEcommerce'),
	phrase('shop orders', 'myTrackerOrder', 'vibetraceSendEvent', 'appMetricaImportEcommerce'),
	phrase('yandex metrika app', 'appMetricaImportEvents'),
	phrase('yandex revenue', 'appMetricaImportRevenue', 'appMetricaImportAdRevenue'),
	phrase('yandex event', 'appMetricaImportEvents'),
	phrase('appmetrica events csv', 'appMetricaImportEvents'),
	phrase('import purchases', 'appMetricaImportRevenue', 'appMetricaImportEcommerce'),
	phrase('iap revenue', 'appMetricaImportRevenue', 'myTrackerStorePayment'),
	phrase('ads revenue', 'appMetricaImportAdRevenue'),
	phrase('admob impressions', 'appMetricaImportAdRevenue'),
	phrase('product page view', 'appMetricaImportEcommerce', 'gravityFieldStoreVisit', 'vibetraceSendEvent'),
	phrase('shopping cart', 'appMetricaImportEcommerce', 'gravityFieldStoreEvent', 'vibetraceSendEvent'),
	phrase('user attributes import', 'appMetricaImportProfiles', 'gravityFieldStoreUser'),
	phrase('customer segments', 'gravityFieldStoreUser', 'appMetricaImportProfiles'),
	phrase('app crashes', 'appMetricaExportLogs'),
	phrase('export revenue', 'appMetricaExportLogs'),
	phrase('logs export', 'appMetricaExportLogs'),
	phrase('gravity field user', 'gravityFieldStoreUser'),
	phrase('gravity field visit', 'gravityFieldStoreVisit'),
	phrase('personal recommendations', 'gravityFieldGetCampaign', 'gravityFieldStoreEvent'),
	phrase('dynamic content', 'gravityFieldGetCampaign'),
	phrase('split test', 'gravityFieldGetCampaign'),
	phrase('screen view', 'gravityFieldStoreVisit'),
	phrase('add product to cart', 'appMetricaImportEcommerce', 'gravityFieldStoreEvent', 'vibetraceSendEvent'),
	phrase('vibetrace profile', 'vibetraceSaveUser'),
	phrase('newsletter signup', 'vibetraceSaveUser', 'gravityFieldStoreEvent', 'myTrackerRegistration'),
	phrase('email automation', 'vibetraceSendEvent', 'vibetraceCreateEvent', 'vibetraceSaveUser'),
	phrase(
		'send customer event',
		'vibetraceSendEvent',
		'vibetraceCreateEvent',
		'gravityFieldStoreEvent',
		'myTrackerCustomEvent',
	),
	phrase('update contact', 'vibetraceSaveUser'),
	phrase('импорт событий', 'appMetricaImportEvents'),
	phrase('отправить заказ', 'myTrackerOrder', 'appMetricaImportEcommerce', 'vibetraceSendEvent'),
	phrase(
		'серверная отправка событий',
		'appMetricaImportEvents',
		'myTrackerCustomEvent',
		'gravityFieldStoreEvent',
		'vibetraceSendEvent',
	),
	phrase('офлайн покупка', 'myTrackerCustomRevenue'),
	phrase('внутриигровая покупка', 'myTrackerStorePayment', 'appMetricaImportRevenue'),
	phrase(
		'доход приложения',
		'myTrackerCustomRevenue',
		'myTrackerStorePayment',
		'appMetricaImportRevenue',
		'appMetricaImportAdRevenue',
	),
	phrase('рекламная выручка', 'appMetricaImportAdRevenue'),
	phrase('атрибуты профиля', 'appMetricaImportProfiles'),
	phrase('выгрузка из аппметрики', 'appMetricaExportLogs'),
	phrase('краши приложения', 'appMetricaExportLogs'),
	phrase('персональные рекомендации', 'gravityFieldGetCampaign'),
	phrase('страница просмотрена', 'gravityFieldStoreVisit'),
	phrase('добавить подписчика', 'vibetraceSaveUser'),
	phrase('событие входа', 'myTrackerLogin'),
	phrase('ad monetization', 'appMetricaImportAdRevenue'),
	phrase('order confirmation event', 'vibetraceSendEvent', 'vibetraceCreateEvent'),
	phrase('store payment', 'myTrackerStorePayment'),
	phrase('mytracker registration', 'myTrackerRegistration'),
	phrase('user attributes', 'appMetricaImportProfiles', 'gravityFieldStoreUser', 'vibetraceSaveUser'),
	phrase(
		'appmetrica post api',
		'appMetricaImportEvents',
		'appMetricaImportRevenue',
		'appMetricaImportAdRevenue',
		'appMetricaImportEcommerce',
		'appMetricaImportProfiles',
	),
	phrase('offline payment', 'myTrackerCustomRevenue'),
	phrase(
		'gravity',
		'gravityFieldStoreEvent',
		'gravityFieldStoreUser',
		'gravityFieldStoreVisit',
		'gravityFieldGetCampaign',
	),
	phrase('mytracker событие', 'myTrackerCustomEvent', 'myTrackerRegistration', 'myTrackerLogin'),
	phrase('gravity field purchase', 'gravityFieldStoreEvent'),
	phrase(
		'mytracker',
		'myTrackerRegistration',
		'myTrackerLogin',
		'myTrackerCustomEvent',
		'myTrackerCustomRevenue',
		'myTrackerStorePayment',
		'myTrackerOrder',
	),
	phrase('mytracker регистрация', 'myTrackerRegistration'),
	phrase('mytracker order', 'myTrackerOrder'),
	phrase('appmetrica installs', 'appMetricaExportLogs'),
	phrase('appmetrica update profile', 'appMetricaImportProfiles'),
	phrase('gravity field recommendations', 'gravityFieldGetCampaign'),
	phrase('app store subscription', 'myTrackerStorePayment'),
	phrase('google play subscription', 'myTrackerStorePayment'),
	phrase('site visit', 'gravityFieldStoreVisit'),
	phrase('ad impression revenue', 'appMetricaImportAdRevenue'),
	phrase(
		'ltv',
		'myTrackerCustomRevenue',
		'myTrackerStorePayment',
		'myTrackerOrder',
		'appMetricaImportRevenue',
		'appMetricaImportAdRevenue',
	),
	phrase('raw data export', 'appMetricaExportLogs'),
	phrase('vibetrace event', 'vibetraceSendEvent', 'vibetraceCreateEvent'),
	phrase('vibe trace', 'vibetraceSendEvent', 'vibetraceSaveUser', 'vibetraceCreateEvent'),
	phrase('appmetrica import events', 'appMetricaImportEvents'),
	phrase('appmetrica logs api', 'appMetricaExportLogs'),
	phrase('вайбтрейс', 'vibetraceSendEvent', 'vibetraceSaveUser', 'vibetraceCreateEvent'),
	phrase('subscriptions', 'myTrackerStorePayment', 'appMetricaImportRevenue'),
	phrase('google play purchase', 'myTrackerStorePayment'),
	phrase(
		'яндекс аппметрика',
		'appMetricaImportEvents',
		'appMetricaImportRevenue',
		'appMetricaImportAdRevenue',
		'appMetricaImportEcommerce',
		'appMetricaImportProfiles',
		'appMetricaExportLogs',
	),
	phrase('подписка google play', 'myTrackerStorePayment'),
	phrase(
		'gravity field',
		'gravityFieldStoreEvent',
		'gravityFieldStoreUser',
		'gravityFieldStoreVisit',
		'gravityFieldGetCampaign',
	),
	phrase('begin checkout', 'appMetricaImportEcommerce'),
	phrase('профиль пользователя', 'appMetricaImportProfiles', 'gravityFieldStoreUser', 'vibetraceSaveUser'),
	phrase(
		'app metrica',
		'appMetricaImportEvents',
		'appMetricaImportRevenue',
		'appMetricaImportAdRevenue',
		'appMetricaImportEcommerce',
		'appMetricaImportProfiles',
		'appMetricaExportLogs',
	),
	phrase('sync cart', 'gravityFieldStoreEvent'),
	phrase('get campaign', 'gravityFieldGetCampaign'),
	phrase('appmetrica subscription', 'appMetricaImportRevenue'),
	phrase('crash logs', 'appMetricaExportLogs'),
	phrase('app installs', 'appMetricaExportLogs'),
	phrase('выгрузка логов', 'appMetricaExportLogs'),
	phrase('gravity пользователь', 'gravityFieldStoreUser'),
	phrase('my tracker refund', 'myTrackerOrder'),
	phrase('аппметрика события', 'appMetricaImportEvents'),
	phrase(
		'майтрекер',
		'myTrackerRegistration',
		'myTrackerLogin',
		'myTrackerCustomEvent',
		'myTrackerCustomRevenue',
		'myTrackerStorePayment',
		'myTrackerOrder',
	),
	phrase('vibetrace login', 'vibetraceSendEvent'),
	phrase('gravity field page view', 'gravityFieldStoreVisit'),
	phrase(
		'appmetrica',
		'appMetricaImportEvents',
		'appMetricaImportRevenue',
		'appMetricaImportAdRevenue',
		'appMetricaImportEcommerce',
		'appMetricaImportProfiles',
		'appMetricaExportLogs',
	),
	phrase('add to wishlist', 'gravityFieldStoreEvent'),
	phrase('subscription renewed', 'appMetricaImportRevenue', 'myTrackerStorePayment'),
	phrase('возврат заказа', 'myTrackerOrder', 'appMetricaImportRevenue'),
	phrase('рекомендации товаров', 'gravityFieldGetCampaign'),
	phrase('встроенные покупки', 'appMetricaImportRevenue', 'myTrackerStorePayment'),
	phrase(
		'vk analytics',
		'myTrackerRegistration',
		'myTrackerLogin',
		'myTrackerCustomEvent',
		'myTrackerCustomRevenue',
		'myTrackerStorePayment',
		'myTrackerOrder',
	),
	phrase('vibetrace create event', 'vibetraceCreateEvent', 'vibetraceSendEvent'),
	phrase('appmetrica get events', 'appMetricaExportLogs'),
	phrase('vibetrace user', 'vibetraceSaveUser'),
	phrase(
		's2s events',
		'myTrackerCustomEvent',
		'appMetricaImportEvents',
		'gravityFieldStoreEvent',
		'vibetraceSendEvent',
		'vibetraceCreateEvent',
		'myTrackerRegistration',
		'myTrackerLogin',
	),
	phrase('vibetrace contact', 'vibetraceSaveUser'),
	phrase(
		'yandex app analytics',
		'appMetricaImportEvents',
		'appMetricaImportRevenue',
		'appMetricaImportAdRevenue',
		'appMetricaImportEcommerce',
		'appMetricaImportProfiles',
		'appMetricaExportLogs',
	),
	phrase('покупка app store', 'myTrackerStorePayment'),
	phrase('mytracker subscription', 'myTrackerStorePayment'),
	phrase(
		'событие покупки',
		'myTrackerOrder',
		'myTrackerStorePayment',
		'myTrackerCustomRevenue',
		'appMetricaImportEcommerce',
		'appMetricaImportRevenue',
		'gravityFieldStoreEvent',
		'vibetraceSendEvent',
		'vibetraceCreateEvent',
	),
	phrase('mytracker вход', 'myTrackerLogin'),
];

/** Names of nodes that many people look for, and that have nothing to do with ours. */
export const OTHER_NODES: readonly string[] = [
	'slack',
	'gmail',
	'telegram',
	'postgres',
	'mysql',
	'supabase',
	'airtable',
	'google sheets',
	'http request',
	'webhook',
	'schedule',
	'switch',
	'merge',
	'loop',
	'hubspot',
	'stripe',
	'shopify',
	'discord',
	'github',
	'twilio',
	'crypto',
	'data table',
];

/** `@n8n/utils/search/sublime-search`, which both searches are built on. */
export type SublimeSearch = <T extends object>(
	filter: string,
	data: T[],
	keys?: ReadonlyArray<{ key: string; weight: number }>,
) => Array<{ score: number; item: T }>;

export type SearchedNode = Pick<INodeTypeDescription, 'name' | 'displayName' | 'codex' | 'group' | 'version'>;

/** The last word is dropped where it may be the beginning of `trigger`. */
function withoutTrigger(text: string): string {
	const words = text.split(' ');
	return words.length > 1 && 'trigger'.startsWith(words[words.length - 1].toLowerCase())
		? words
				.slice(0, -1)
				.filter((word) => word)
				.join(' ')
				.trimEnd()
		: text;
}

/** n8n gives its new node for agents so much more. */
const MESSAGE_AN_AGENT = { name: 'n8n-nodes-base.messageAnAgent', boost: 150 };

/**
 * What the editor's node panel does (n8n 2.41.1, `searchNodes` of the node creator): a fuzzy search in the display name and
 * in each alias, to which the popularity of n8n's own nodes is added. `popularity`: by node name, from 0 to 1.
 */
export function searchOfEditor(
	text: string,
	nodes: SearchedNode[],
	sublimeSearch: SublimeSearch,
	popularity: ReadonlyMap<string, number> = new Map(),
): string[] {
	const elements = nodes.map((node) => ({ key: node.name, properties: node }));
	return sublimeSearch(withoutTrigger(text).toLowerCase(), elements)
		.map(({ score, item: { key } }) => {
			const boost = key === MESSAGE_AN_AGENT.name ? MESSAGE_AN_AGENT.boost : 0;
			return { key, score: score + 100 * (popularity.get(key) ?? 0) + boost };
		})
		.sort((one, other) => other.score - one.score)
		.map(({ key }) => key);
}

/** Whether all letters of `search` stand in `text` in their order, whatever their case. */
export function holds(text: string, search: string): boolean {
	const wanted = search.toLowerCase();
	let at = 0;
	for (const letter of text.toLowerCase()) if (letter === wanted[at]) at++;
	return at === wanted.length;
}

/** How many of those found count. */
export const LISTED = 5;

/** Whether one of the nodes that a phrase is meant for is among the first five; nodes that this pack lacks are left out. */
export function isFound({ nodes }: Phrase, found: readonly string[]): boolean {
	const first = found.slice(0, LISTED).map((name) => name.slice(name.lastIndexOf('.') + 1));
	return nodes.some((name) => first.includes(name));
}
