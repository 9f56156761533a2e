/** What people type who look for a node that sends events, of whatever vendor, in English and Russian. */
export const EVENT_WORDS: readonly string[] = [
	'send event',
	'send events',
	'track events',
	'log event',
	'server events',
	'server side events',
	'server-side events',
	'event tracking',
	'отправить события',
	'передать событие',
	'передача событий',
	'отслеживание событий',
	'серверные события',
];
