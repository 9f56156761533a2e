/** What the files of this folder share: events, and n8n’s engine beside a sandbox, opened once per file that imports this. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';

import { openBench, type Bench, type Order } from '../../support/bench.mts';
import page from '../../pages/mytracker.json';

export let bench: Bench;

export const NODES = {
	registration: 'myTrackerRegistration',
	login: 'myTrackerLogin',
	customEvent: 'myTrackerCustomEvent',
} as const;
/** Methods beyond events: payments*.test.mts. */
export const PAYMENT_NODES = {
	customRevenue: 'myTrackerCustomRevenue',
	order: 'myTrackerOrder',
	storePayment: 'myTrackerStorePayment',
} as const;
export type Method = keyof typeof NODES;
export const METHODS = Object.keys(NODES) as Method[];

export const stored = () => bench.sandbox.stored('myTracker').map(({ event }) => event);
export const bodies = () => bench.sandbox.requests.map(({ body }) => body.toString());
export const least = (method: Method, id = '1'): IDataObject =>
	method === 'customEvent' ? { customUserId: id, customEventName: 'bought' } : { customUserId: id };
export const run = async (method: Method, items: IDataObject[], more: Partial<Order> = {}) =>
	await bench.run({ node: NODES[method], items, ...more });

/** One good value for each parameter of the vendor's page, and the documented wire form of it. */
export const GOOD: Record<string, unknown> = {
	eventTimestamp: '1577191920',
	customUserId: '001',
	ipv4: '203.0.113.7',
	ipv6: '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
	idGender: '1',
	age: '38',
	connectionType: '2',
	bluetoothEnabled: '2',
	instanceId: '00000000-0000-0000-0000-000000000000',
	adTrackingEnabled: '0',
	idfa: 'ABCDEF00-0000-0000-0000-000000000000',
	iosVendorId: '00000000-0000-0000-0000-000000000001',
	gaid: '00000000-0000-0000-0000-000000000002',
	appSetId: '00000000-0000-0000-0000-000000000003',
	androidId: '0123456789abcdef',
	lvid: '0123456789abcdef0123456789ABCDEF',
	adBlocker: '1',
	userAgent: 'Mozilla/5.0 "Жук" +',
	customPlatformUserId: '9007199254740993',
	vkPlatform: 'mobile_ipad',
	sezamUserId: '9007199254740993',
	hwid: '18446744073709551615',
	customEventName: 'Покупка 👍',
	customEventParams: { level: '2', имя: 'a,b "c"\r\n+', __proto: 'x' },
};
/** A row of the vendor's page, as transcribed. */
export interface PageRow {
	name: string;
	group: string;
	type: string;
	maxLength?: number;
	length?: number;
	min?: number;
	max?: number | string;
	values?: unknown[];
}
export const pageRows = (method: Method): PageRow[] => page.operations[method].parameters;
export const parametersOf = (method: Method) => [...new Set(pageRows(method).map(({ name }) => name))];
/** All parameters of a method, those of VK Mini Apps included. */
export const full = (method: Method): IDataObject =>
	Object.fromEntries(parametersOf(method).map((name) => [name, GOOD[name]])) as IDataObject;

beforeAll(async () => {
	bench = await openBench();
});
beforeEach(() => bench.sandbox.reset());
afterAll(async () => await bench?.close());
