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
	// Of money nothing: it would count.
	myTrackerCustomRevenue: ({ id }) => ({
		customUserId: `${MARK}_${id}`,
		idTransaction: `${MARK}_${id}`,
		currency: 'RUB',
		total: 0,
	}),
	// The least that the client takes is above 0: a hundredth of a rouble.
	myTrackerStorePayment: ({ id }) => ({
		customUserId: `${MARK}_${id}`,
		transactionId: `${MARK}_${id}`,
		productId: MARK,
		price: 0.01,
		currency: 'RUB',
	}),
	myTrackerOrder: ({ id }) => ({
		customUserId: `${MARK}_${id}`,
		order_id: `${MARK}_${id}`,
		status: 'CANCEL',
		items: [{ item_id: MARK, item_name: MARK, quantity: 1, price: 0 }],
	}),
	appMetricaImportEvents: ({ id, now, profileId }) => ({
		profile_id: profileId,
		event_name: MARK,
		event_timestamp: now,
		event_json: { id },
	}),
	// Of money nothing: it would count.
	appMetricaImportRevenue: ({ id, now, profileId }) => ({
		profile_id: profileId,
		revenue_event_type: 'one_time_purchase',
		event_timestamp: now,
		price: '0',
		currency: 'RUB',
		product_id: MARK,
		order_id: id,
	}),
	appMetricaImportAdRevenue: ({ id, now, profileId }) => ({
		profile_id: profileId,
		event_timestamp: now,
		revenue: '0',
		currency: 'RUB',
		ad_type: 'other',
		ad_network: MARK,
		payload: { id },
	}),
	appMetricaImportEcommerce: ({ id, now, profileId }) => ({
		profile_id: profileId,
		event_timestamp: now,
		ecom_event_type: 'SHOW_PRODUCT_DETAILS',
		order_id: id,
		product_name: MARK,
		cart_item_quantity: 1,
		original_price_currency: 'RUB',
		original_price_value: '0',
	}),
	appMetricaImportProfiles: ({ id, profileId }) => ({ profile_id: profileId, attributes: { [MARK]: id } }),
	gravityFieldStoreEvent: ({ id }) => ({
		user: { custom: `${MARK}_${id}`, ses: id },
		type: MARK,
		name: MARK,
		customProps: { id },
	}),
	gravityFieldStoreUser: ({ id }) => ({
		user: { custom: `${MARK}_${id}`, ses: id, attributes: { [MARK]: id } },
	}),
	gravityFieldStoreVisit: ({ id }) => ({
		user: { custom: `${MARK}_${id}`, ses: id },
		ctx: { location: MARK },
	}),
	// A campaign that nobody has: nothing is shown and nothing counts.
	gravityFieldGetCampaign: ({ id }) => ({
		user: { custom: `${MARK}_${id}`, ses: id },
		options: { isImplicitImpression: false },
		data: [{ selector: MARK }],
	}),
	vibetraceCreateEvent: ({ id, email }) => ({
		user: { email },
		event: { generic: { generic: { event_name: MARK, id } } },
	}),
	// Neither a consent nor an attribute that the account may have: nothing of the user changes.
	vibetraceSaveUser: ({ id, email }) => ({ email, [MARK]: id }),
	vibetraceSendEvent: ({ id, email }) => ({
		type: 'generic',
		email,
		generic: { event_name: MARK, id },
	}),
};
