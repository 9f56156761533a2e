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

/** How many of those found count. */
export const LISTED = 5;

/** Whether one of the nodes that a phrase is meant for is among the first five; nodes that this pack lacks are left out. */
export function isFound({ nodes }: Phrase, found: readonly string[]): boolean {
	const first = found.slice(0, LISTED).map((name) => name.slice(name.lastIndexOf('.') + 1));
	return nodes.some((name) => first.includes(name));
}
