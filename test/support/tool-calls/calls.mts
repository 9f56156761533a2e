/** Calls of a model that uses a node as its tool: the mistakes that models make, what they are told, and the corrected call. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Vendor } from '../../../tools/sandbox/types.mts';

export interface ToolCalls {
	/** The name of the tool in a workflow. */
	tool: string;
	/** Short name of the node, and its credential. */
	node: string;
	credential: string;
	vendor: Vendor;
	parameters: INodeParameters;
	/** The arguments that the model is asked for. */
	asks: readonly string[];
	wrong: ReadonlyArray<{ what: string; args: IDataObject; told: string }>;
	/** n8n checks the names itself, before the node runs. */
	wrongName: { args: IDataObject; missing: string };
	right: IDataObject;
	/** How many events the right call stores: 1, unless it reads. */
	stores?: 0;
}

export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** What n8n writes where the editor's button lets a model define a parameter. */
export const fromAI = (name: string, description: string, type = 'string'): string =>
	`={{ $fromAI('${name}', '${description}', '${type}') }}`;

export const MILLISECONDS = '1795681912506';
export const IN_MILLISECONDS = `is in milliseconds: "${MILLISECONDS}"; give Unix seconds (divide by 1,000) or an ISO 8601 date`;
