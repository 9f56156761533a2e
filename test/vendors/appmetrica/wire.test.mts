import { describeWire, fatal, unknown, type AnswerCase } from '../../support/wire.mts';
import page from '../../pages/appmetrica.json';
import { vectors } from '../../pages/vectors-more.json';

const { parameters, body: file } = page.samples;
const credential = {
	postApiKey: parameters.query.post_api_key,
	applicationId: parameters.query.application_id,
	baseUrl: 'https://api.appmetrica.yandex.ru',
};
/** The samples are of 2009. */
const options = { maxAgeDays: 0 };

/** The page's own pairs and cells, in the order of the page's table of parameters, in which they are sent. */
const ORDER = [
	'post_api_key',
	'application_id',
	'profile_id',
	'event_name',
	'event_timestamp',
	'event_json',
	'google_aid',
	'device_model',
	'device_type',
	'app_package_name',
	'operator_name',
	'mnc',
	'device_ipv6',
];
const at = (name: string) => ORDER.indexOf(name);

const [, address] = parameters.request.split(' ');
const [path, query] = address.split('?');
const pairs = query.split('&').sort((one, other) => at(one.split('=')[0]) - at(other.split('=')[0]));

const [header, ...rows] = file.body.split('\n').map((line) => line.split(','));
const inOrder = (cells: string[]) =>
	cells
		.map((cell, index) => [at(header[index]), cell] as const)
		.sort(([one], [other]) => one - other)
		.map(([, cell]) => cell)
		.join(',');

const eventOf = ({ post_api_key: _key, application_id: _app, ...event }: Record<string, string>) => event;
const documented = (status: number) =>
	page.answers.find((answer) => answer.status === status)?.description ?? '';

const ANSWERS: AnswerCase[] = [
	{ status: 200, body: documented(200), single: 'accepted', batch: 'accepted' },
	{ status: 200, body: 'OK', single: 'accepted', batch: 'accepted' },
	{ status: 200, body: '{"errors":["bad"]}', single: 'unconfirmed', batch: 'unconfirmed' },
	{ status: 202, body: documented(200), single: 'unconfirmed', batch: 'unconfirmed' },
	unknown(200, '<html></html>', { 'content-type': 'text/html' }),
	fatal(302, '', { location: 'https://yandex.ru/' }),
	{ status: 400, body: documented(400), single: 'rejected', batch: 'batchRejected' },
	fatal(403, documented(403)),
	fatal(404),
	{ status: 413, single: 'oversize', batch: 'oversize', requests: 3 },
	{ status: 422, single: 'rejected', batch: 'batchRejected' },
	unknown(500),
	unknown(502),
	unknown(504),
];

describeWire({
	node: 'appMetricaImportEvents',
	credential,
	accepted: { status: 200, body: documented(200) },
	single: {
		events: [eventOf(parameters.query)],
		options,
		method: 'POST',
		url: `${credential.baseUrl}${path}?${pairs.join('&')}`,
		headers: {},
		body: '',
		as: 'events',
	},
	batch: {
		events: file.records.map(eventOf),
		options,
		method: 'POST',
		url: `${credential.baseUrl}${file.request.split(' ')[1]}`,
		headers: { 'content-type': 'text/csv; charset=UTF-8' },
		body: [header, ...rows].map((cells) => `${inOrder(cells)}\n`).join(''),
		as: 'events.csv',
	},
	answers: ANSWERS,
});

/** The vectors were written by somebody who had not seen our tables. */
interface Vector {
	method: string;
	target: string;
	body: string;
	events: Array<Record<string, string>>;
	app: string;
}
function vector(id: string): Vector {
	const found = vectors.find((one) => one.id === id);
	if (!found) throw new Error(`No vector ${id}`);
	const inputs = (Array.isArray(found.input) ? found.input : [found.input]) as Array<Record<string, string>>;
	const { method, target, body } = found;
	return { method, target, body, events: inputs.map(eventOf), app: inputs[0].application_id };
}
const withKey = (target: string) =>
	target.replace(/\?|$/, (mark) => `?post_api_key=${credential.postApiKey}${mark ? '&' : ''}`);

/** A second row like the first: a batch is of two at least. */
function twice({ events, body, ...rest }: Vector): Vector {
	if (events.length > 1) return { events, body, ...rest };
	return { events: [...events, ...events], body: `${body}${body.split('\n')[1]}\n`, ...rest };
}
/** Of ad revenue there is no vector of a file: the cells of the query's, none of which needs quotes. */
const asFile = ({ events, app }: Vector): Vector => {
	const names = Object.keys(events[0]);
	const row = [app, ...names.map((name) => events[0][name])].join(',');
	const body = `${['application_id', ...names].join(',')}\n${row}\n`;
	return { method: 'POST', target: '/logs/v1/import/adrevenue.csv', body, events, app };
};

for (const [node, path, single, file] of [
	['appMetricaImportRevenue', 'revenue', vector('AM-RV-1'), vector('AM-RV-2')],
	['appMetricaImportAdRevenue', 'adrevenue', vector('AM-AD-2'), asFile(vector('AM-AD-1'))],
	['appMetricaImportEcommerce', 'ecommerce', vector('AM-EC-1'), vector('AM-EC-2')],
	['appMetricaImportProfiles', 'profiles', vector('AM-PR-1'), vector('AM-PR-2')],
] as const) {
	const batch = twice(file);
	const shared = { ...(path === 'profiles' ? {} : { options }), method: 'POST' } as const;
	describeWire({
		node,
		credential: { ...credential, applicationId: single.app },
		accepted: { status: 200, body: 'Your data has been uploaded.' },
		single: {
			...shared,
			events: single.events,
			url: `${credential.baseUrl}${withKey(single.target)}`,
			headers: {},
			body: single.body,
			as: path,
		},
		batch: {
			...shared,
			events: batch.events,
			url: `${credential.baseUrl}${withKey(batch.target)}`,
			headers: { 'content-type': 'text/csv; charset=UTF-8' },
			body: batch.body,
			as: `${path}.csv`,
		},
		answers: ANSWERS,
	});
}
