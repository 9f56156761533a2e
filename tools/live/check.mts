/** Sends one marked event of each method of a vendor, and sets its answer beside what the sandbox answers to the same. */
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { Operation } from '../../nodes/engine/operation/operation.ts';
import { singleNodeWorkflow, type Engine } from '../harness/engine.mts';
import { liveEvents, type LiveContext } from './events.mts';

const PACKAGE = 'n8n-nodes-server-events';

export interface Method {
	operation: string;
	sendAs: 'single' | 'batch';
}

/** What a run of the node told of its one item. */
export interface Outcome {
	status: string;
	httpStatus?: number;
	message?: string;
	response?: unknown;
	request?: IDataObject;
}

export interface Checked {
	method: Method;
	request: IDataObject;
	vendor: Outcome;
	sandbox: Outcome;
}

const SEND_AS = ['single', 'batch'] as const;

export const methodsOf = (operations: ReadonlyArray<Pick<Operation, 'name' | 'oneByOne'>>): Method[] =>
	operations.flatMap(({ name, oneByOne }) =>
		SEND_AS.filter((sendAs) => !oneByOne || sendAs === 'single').map((sendAs) => ({
			operation: name,
			sendAs,
		})),
	);

/** Runs one method, or only shows its request, with secrets masked. */
export async function runMethod(
	engine: Engine,
	{ operation, sendAs }: Method,
	context: LiveContext,
	credentialType: string,
	credential: ICredentialDataDecryptedObject,
	preview: boolean,
): Promise<Outcome> {
	const event = liveEvents[operation];
	if (!event) throw new Error(`tools/live/events.mts has no event of ${operation}: write one.`);
	const result = await engine.run(
		singleNodeWorkflow({
			type: `${PACKAGE}.${operation}`,
			// One try: the answer is what is wanted, whatever it is.
			parameters: { mappingMode: 'autoMapInputData', sendAs, options: { maxAttempts: 1, preview } },
			credentialType,
			node: { onError: 'continueRegularOutput' },
		}),
		{ items: { Items: [event(context)] }, credentials: { [credentialType]: credential } },
	);
	const json = result.nodeOutputs('Node')[0]?.[0]?.json ?? {};
	const delivery = (json.delivery ?? {}) as IDataObject;
	return {
		status: String(delivery.status ?? (json.request ? 'preview' : 'none')),
		...(delivery.httpStatus === undefined ? {} : { httpStatus: Number(delivery.httpStatus) }),
		...(delivery.message === undefined ? {} : { message: String(delivery.message) }),
		...(json.response === undefined ? {} : { response: json.response }),
		...(json.request === undefined ? {} : { request: json.request as IDataObject }),
	};
}
