import { isPlainObject, type Operation, type ParameterVariants } from '../engine';

import { answered, fields } from './campaignFields';
import { isQuestion, normalize, wireForm } from './campaignRequest';
import { rules } from './campaignRules';
import { readCampaigns } from './campaigns';
import { gravityFieldCredential } from './credential';
import { START_PAGE } from './known';
import { namesUser } from './oneRequest';
import { defaults, FAILED_STORES_NOTHING, responses } from './vendor';
import { searchHints, searchWords } from './searchWords';

const SHARED = ['user', 'ctx', 'device', 'options'];

const requests: ParameterVariants = {
	parameter: 'request',
	travels: false,
	label: 'Request',
	help: 'Whether to ask for campaigns, or to report what happened to one',
	default: 'choose',
	values: [
		{
			value: 'choose',
			label: 'Get Campaign',
			help: 'Content of campaigns for a user, by their selectors or IDs',
			evidence: 'vendor code',
			needs: [{ field: 'data' }],
			knows: [...SHARED, 'data'],
			method: { single: 'choose', batch: 'choose' },
		},
		{
			value: 'engagement',
			label: 'Report Engagement',
			help: 'Calls the links that came with a campaign, for example after it was shown or clicked',
			evidence: 'vendor code',
			needs: [{ field: 'urls' }],
			knows: ['urls'],
			method: { single: 'engagement', batch: 'engagement' },
		},
	],
};

/** A link that is not known any more says nothing about the others. */
const ABOUT_ONE_LINK = [301, 302, 303, 307, 308, 404, 405, 410];

export const getCampaign: Operation = {
	name: 'gravityFieldGetCampaign',
	vendor: 'Gravity Field',
	title: 'Get Campaign',
	documentation: START_PAGE,
	searchWords: searchWords.getCampaign,
	searchHint: searchHints.getCampaign,
	credential: gravityFieldCredential,
	variants: requests,
	notices: [
		{
			text: "Identify the customer in 'User', so that the campaign is chosen for them. No impression is counted unless you switch on 'Count an Impression'. This request is known from Gravity Field's own SDKs only.",
			variants: { request: ['choose'] },
		},
		{
			text: "Run this only after the impression or click has happened: each call of a link counts. The API key goes to Gravity Field's own addresses only; any other link is refused.",
			variants: { request: ['engagement'] },
		},
	],
	fields,
	sections: [],
	rules,
	normalize,
	single: wireForm,
	batch: wireForm,
	oneByOne: true,
	reads: {
		fields: answered,
		from: readCampaigns,
	},
	responses: {
		...responses,
		// The SDKs repeat a question after a 5xx, but never a link.
		safeToRetry: (status, method) => method !== 'engagement' && responses.safeToRetry(status, method),
		refusesOne: ({ status }, method) =>
			method === 'engagement' && ABOUT_ONE_LINK.includes(status)
				? 'the link is no longer valid; get the campaign again'
				: undefined,
	},
	// An answer that counts nothing may be asked for again; a new user would be another one, and a link counts every time.
	repeatIsSafe: (event) =>
		isQuestion(event) &&
		isPlainObject(event.options) &&
		event.options.isImplicitImpression === false &&
		event.options.isImplicitPageview !== true &&
		namesUser(event),
	defaults,
	samples: [
		{
			of: "one selector, as the vendor's SDKs send it",
			variant: 'choose',
			event: {
				user: {},
				ctx: { type: 'OTHER', data: [], location: 'n8n' },
				device: { ua: 'n8n' },
				data: [{ selector: 'pdp_recs' }],
			},
		},
	],
	limits: [
		"Known from the vendor's SDKs; the reference page could not be read",
		'One item per request, which may name several campaigns; the answer is matched by selector or campaign ID, never by order',
		'A user without a campaign is not an error: found is false',
		'In the form no impression is counted unless you ask for it; an item that is mapped automatically is sent as it is, with a warning if it does not say',
		`${FAILED_STORES_NOTHING}; a request that counts neither an impression nor a page view and names the user is also repeated if its answer was lost (inferred)`,
		'A call of a link is never repeated automatically, since it counts every time (inferred)',
		"Links are called byte for byte, one after the other, by GET with the key: by https to gravityfield.ai, stellarlabs.ai and their subdomains, and to the base URL's own address",
	],
};
