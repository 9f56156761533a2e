/**
 * One event of each operation, marked so that its owner finds it and nobody takes it for a real one. `id` is new in each run.
 * In the form of an incoming item that is mapped automatically.
 */
import type { IDataObject } from 'n8n-workflow';

export const MARK = 'n8n_live_check';

/** What a real account needs that no default can give, by the environment variable that names it. */
export interface LiveContext {
	id: string;
	/** Unix seconds. */
	now: number;
	/** A profile that the app's SDK has reported, for AppMetrica. */
	profileId: string;
	/** An address that the account knows, for Vibetrace. */
	email: string;
}

type LiveEvent = (context: LiveContext) => IDataObject;

export const liveEvents: Readonly<Record<string, LiveEvent>> = {
	myTrackerRegistration: ({ id }) => ({ customUserId: `${MARK}_${id}` }),
	myTrackerLogin: ({ id }) => ({ customUserId: `${MARK}_${id}` }),
	myTrackerCustomEvent: ({ id }) => ({
		customUserId: `${MARK}_${id}`,
		customEventName: MARK,
		customEventParams: { id },
	}),
	appMetricaImportEvents: ({ id, now, profileId }) => ({
		profile_id: profileId,
		event_name: MARK,
		event_timestamp: now,
		event_json: { id },
	}),
	gravityFieldStoreEvent: ({ id }) => ({
		user: { custom: `${MARK}_${id}`, ses: id },
		type: MARK,
		name: MARK,
		customProps: { id },
	}),
	vibetraceSendEvent: ({ id, email }) => ({
		type: 'generic',
		email,
		generic: { event_name: MARK, id },
	}),
};
