/** The tables, schemas and types of the pack, for tools and tests; n8n itself loads what package.json lists. */
import { exportLogs } from './nodes/AppMetrica/exportLogs';
import { importAdRevenue } from './nodes/AppMetrica/importAdRevenue';
import { importEcommerce } from './nodes/AppMetrica/importEcommerce';
import { importEvents } from './nodes/AppMetrica/importEvents';
import { importProfiles } from './nodes/AppMetrica/importProfiles';
import { importRevenue } from './nodes/AppMetrica/importRevenue';
import { getCampaign } from './nodes/GravityField/getCampaign';
import { storeEvent } from './nodes/GravityField/storeEvent';
import { storeUser } from './nodes/GravityField/storeUser';
import { storeVisit } from './nodes/GravityField/storeVisit';
import { customEvent } from './nodes/MyTracker/customEvent';
import { customRevenue } from './nodes/MyTracker/customRevenue';
import { login } from './nodes/MyTracker/login';
import { order } from './nodes/MyTracker/order';
import { registration } from './nodes/MyTracker/registration';
import { storePayment } from './nodes/MyTracker/storePayment';
import { createEvent } from './nodes/Vibetrace/createEvent';
import { saveUser } from './nodes/Vibetrace/saveUser';
import { sendEvent } from './nodes/Vibetrace/sendEvent';
import type { Operation } from './nodes/engine/operation/operation';
import type { ReadOperation } from './nodes/engine/reading/readOperation';

export const operations: readonly Operation[] = [
	registration,
	login,
	customEvent,
	customRevenue,
	storePayment,
	order,
	importEvents,
	importRevenue,
	importAdRevenue,
	importEcommerce,
	importProfiles,
	storeEvent,
	storeUser,
	storeVisit,
	getCampaign,
	sendEvent,
	createEvent,
	saveUser,
];

/** Operations that read; they have no table of fields. */
export const readOperations: readonly ReadOperation[] = [exportLogs];

export { createChecker } from './nodes/engine/check/check';
export { typeInWords } from './nodes/engine/form/fieldHelp';
export { formOf } from './nodes/engine/form/form';
export { objectSchema } from './nodes/engine/check/schema';
export { boundsOf, evidenceOf, requiredEvidence } from './nodes/engine/check/evidence';
export { variantOf } from './nodes/engine/operation/variants';
export { settingRows } from './nodes/engine/operation/settings';
export { STATUSES } from './nodes/engine/report/outcome';
export type { Delivery, Outcome, Status } from './nodes/engine/report/outcome';
export type * from './nodes/engine/operation/operation';
