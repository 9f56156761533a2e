/** What a test that goes over all vendors must know of each. Only vendors whose node is in the pack take part. */
import type { IDataObject } from 'n8n-workflow';

import { operations } from '../../index.ts';
import type { Fault, RecordedRequest, StoredEvent, Vendor } from '../../tools/sandbox/server.mts';

export interface VendorCase {
	node: string;
	vendor: Vendor;
	/** An event as an item holds it, known again by its id, e.g. `ev-a`. All of them may share a request. */
	good: (id: string) => IDataObject;
	/** Fine by the table; only the vendor refuses it. */
	refused: (id: string) => IDataObject;
	/** Refused before anything is sent. */
	invalid: (id: string) => IDataObject;
	idOf: (stored: StoredEvent) => string;
	/** A good event that also carries any text, under names of the vendor's and of one's own where it has such. */
	withText: (id: string, text: string) => IDataObject;
	/** Where `withText` has put it, as stored. */
	textsOf: (stored: StoredEvent) => unknown[];
	/** What the vendor answers to a bad event, without storing. */
	refusal: Fault;
	/** Answers that say nothing about storing, in either case. */
	silent: number[];
	/** 5xx that say that nothing was stored. */
	notStored: number[];
}

const event_timestamp = String(Math.floor(Date.now() / 1000) - 60);

const CASES: readonly VendorCase[] = [
	{
		node: 'myTrackerCustomEvent',
		vendor: 'myTracker',
		good: (id) => ({ customUserId: 'ann', customEventName: 'bought', customEventParams: { ref: id } }),
		refused: (id) => ({
			customUserId: 'sandbox-refuse',
			customEventName: 'bought',
			customEventParams: { ref: id },
		}),
		invalid: (id) => ({ customUserId: 'ann', customEventParams: { ref: id } }),
		idOf: ({ event }) => (event.customEventParams as { ref: string }).ref,
		withText: (ref, text) => ({
			customUserId: text,
			customEventName: text,
			customEventParams: { ref, text, [`k${text}`]: 'own' },
		}),
		textsOf: ({ event }) => {
			const params = event.customEventParams as Record<string, string>;
			return [
				event.customUserId,
				event.customEventName,
				params.text,
				Object.keys(params)
					.find((name) => params[name] === 'own')
					?.slice(1),
			];
		},
		refusal: { status: 400, body: '{"error": "Bad Request"}' },
		silent: [501, 505],
		notStored: [500, 502, 503, 504],
	},
	{
		node: 'appMetricaImportEvents',
		vendor: 'appMetrica',
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
		refusal: { status: 400, body: 'One or more required parameters were missing in the request.' },
		silent: [],
		notStored: [500, 502, 503, 504],
	},
	{
		node: 'gravityFieldStoreEvent',
		vendor: 'gravityField',
		good: (id) => ({
			user: { custom: 'ann', ses: 's1' },
			type: 'signup-v1',
			name: 'Sign up',
			customProps: { ref: id },
		}),
		refused: (id) => ({
			user: { custom: 'sandbox-refuse', ses: 's1' },
			type: 'signup-v1',
			name: 'Sign up',
			customProps: { ref: id },
		}),
		invalid: (id) => ({ user: { custom: 'ann', ses: 's1' }, name: 'Sign up', customProps: { ref: id } }),
		idOf: ({ event }) => (event.customProps as { ref: string }).ref,
		withText: (ref, text) => ({
			user: { custom: text, ses: text },
			type: text,
			name: text,
			customProps: { ref, text, [`k${text}`]: 'own' },
		}),
		textsOf: ({ event, context }) => {
			const props = event.customProps as Record<string, string>;
			const { custom, ses } = context?.user as Record<string, string>;
			return [
				custom,
				ses,
				event.type,
				event.name,
				props.text,
				Object.keys(props)
					.find((name) => props[name] === 'own')
					?.slice(1),
			];
		},
		refusal: {
			status: 422,
			body: '{"msg":"data[0].name: is required"}',
			headers: { 'content-type': 'application/json' },
		},
		silent: [],
		notStored: [500, 502, 503, 504],
	},
	{
		node: 'vibetraceSendEvent',
		vendor: 'vibetrace',
		good: (id) => ({
			type: 'generic',
			userId: 'ann',
			sessionId: 's1',
			generic: { event_name: 'bought', ref: id },
		}),
		refused: (id) => ({
			type: 'generic',
			userId: 'sandbox-refuse',
			sessionId: 's1',
			generic: { event_name: 'bought', ref: id },
		}),
		invalid: (id) => ({ type: 'generic', generic: { event_name: 'bought', ref: id } }),
		idOf: ({ event }) => (event.generic as { ref: string }).ref,
		withText: (ref, text) => ({
			type: 'generic',
			userId: text,
			sessionId: text,
			generic: { event_name: text, ref, text, [`k${text}`]: 'own' },
		}),
		textsOf: ({ event }) => {
			const generic = event.generic as Record<string, string>;
			return [
				event.userId,
				event.sessionId,
				generic.event_name,
				generic.text,
				Object.keys(generic)
					.find((name) => generic[name] === 'own')
					?.slice(1),
			];
		},
		refusal: { status: 400, body: '{"error":"Bad Request"}' },
		silent: [500, 502, 503, 504],
		notStored: [],
	},
];

/** The vendors whose node is in the pack. */
export const vendors: readonly VendorCase[] = CASES.filter(({ node }) =>
	operations.some(({ name }) => name === node),
);

/** Ids of the events that a request carries, in order. */
export function idsIn({ url, body }: Pick<RecordedRequest, 'url' | 'body'>): string[] {
	const query = url.includes('?')
		? decodeURIComponent(url.slice(url.indexOf('?')).replace(/\+/g, '%20'))
		: '';
	return `${query} ${body.toString()}`.match(/\bev-[a-z0-9]+\b/g) ?? [];
}
