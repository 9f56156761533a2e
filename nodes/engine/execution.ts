import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import type { Clock } from './clock';
import type { Json, Operation } from './operation/operation';
import { isPlainObject } from './check/objects';
import { createPause, type Pause } from './pause';

/** How often n8n's Retry On Fail runs a node, as its engine clamps the setting. */
const RETRY_ON_FAIL = { least: 2, most: 5, default: 3 };

/** One execution of the node as n8n hands it over. */
export interface Execution {
	host: IExecuteFunctions;
	operation: Operation;
	clock: Clock;
	node: INode;
	/** The node's parameters, expressions unresolved. */
	parameters: Json;
	items: readonly INodeExecutionData[];
	signal?: AbortSignal;
	/** Failed items are returned, not thrown. */
	continues: boolean;
	toErrorOutput: boolean;
	/** An AI agent calls the node. */
	isTool: boolean;
	/** Whether expressions may be evaluated for many items at once. */
	evaluatesTogether: boolean;
	pause: Pause;
	/** Hides the secrets that are known by now in what is said of the items. */
	hide: (text: string) => string;
}

/** What an execution of the node depends on beside n8n; replaced by tests. */
export interface RunEnvironment {
	clock: Clock;
	/** Whether expressions are evaluated for many items at once where that gives the same; they are unless told. */
	evaluatesTogether?: boolean;
}

export function readExecution(
	host: IExecuteFunctions,
	operation: Operation,
	{ clock, evaluatesTogether = true }: RunEnvironment,
): Execution {
	const node = host.getNode();
	// n8n repeats a tool that throws, under a new run number that no ledger knows.
	const isTool = host.isToolExecution?.() === true;
	return {
		host,
		operation,
		clock,
		node,
		parameters: node.parameters as Json,
		items: host.getInputData(),
		signal: host.getExecutionCancelSignal?.(),
		continues: isTool || host.continueOnFail(),
		isTool,
		toErrorOutput: !isTool && node.onError === 'continueErrorOutput',
		// In a tool `$json` is not the item that is sent.
		evaluatesTogether: evaluatesTogether && !isTool,
		pause: createPause(),
		hide: (text) => text,
	};
}

/** The node's collection 'Options', expressions unresolved. */
export const optionsOf = ({ parameters }: Execution): Json =>
	isPlainObject(parameters.options) ? parameters.options : {};

/** How often n8n runs the node as long as it fails. */
export function triesOf({ retryOnFail, maxTries }: INode): number {
	if (!retryOnFail) return 1;
	const { least, most, default: usual } = RETRY_ON_FAIL;
	return Math.min(most, Math.max(least, maxTries || usual));
}
