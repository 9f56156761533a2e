import type { OperationCase } from '../../support/cases.mts';

const event_timestamp = String(Math.floor(Date.now() / 1000) - 60);

const appMetricaImportEvents: OperationCase = {
	good: (id) => ({ profile_id: 'ann', event_name: 'bought', event_timestamp, event_json: { ref: id } }),
	refused: (id) => ({
		profile_id: 'sandbox-refuse',
		event_name: 'bought',
		event_timestamp,
		event_json: { ref: id },
	}),
	invalid: (id) => ({ profile_id: 'ann', event_timestamp, event_json: { ref: id } }),
	idOf: ({ event }) => (JSON.parse(event.event_json as string) as { ref: string }).ref,
	withText: (ref, text) => ({
		profile_id: text,
		event_name: text,
		event_timestamp,
		event_json: { ref, text, [`k${text}`]: 'own' },
	}),
	textsOf: ({ event }) => {
		const json = JSON.parse(event.event_json as string) as Record<string, string>;
		return [
			event.profile_id,
			event.event_name,
			json.text,
			Object.keys(json)
				.find((name) => json[name] === 'own')
				?.slice(1),
		];
	},
	ofPerson: (id, person) => ({
		profile_id: person,
		event_name: 'bought',
		event_timestamp,
		event_json: { ref: id },
	}),
	accepted: { statusCode: 200, body: 'Your data has been uploaded.' },
	mostRequests: 10,
	refusal: { status: 400, body: 'One or more required parameters were missing in the request.' },
	silent: [500, 501, 502, 504],
	notStored: [503],
};

export const cases = { appMetricaImportEvents };
