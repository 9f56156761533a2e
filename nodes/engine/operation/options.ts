import type { Choice } from './field';

/** One option of the collection 'Options'. Numbers are whole. */
export type SettingRow = {
	name: string;
	label: string;
	help: string;
	/** Read for each item, so it may be an expression. */
	perItem?: boolean;
	/** It decides which events share a request, or how a refused request is dealt with. */
	changesBatches?: true;
	/** The field that it is about: where the form hides that, it hides the option too. */
	about?: string;
} & (
	| { type: 'number'; default: number; min: number; max: number }
	| { type: 'boolean'; default: boolean }
	| { type: 'options'; default: string; values: readonly Choice[] }
	| {
			type: 'string';
			default: string;
			placeholder?: string;
			/** A fixed text would mean nothing. */
			expressionOnly?: true;
	  }
);

export interface OperationDefaults {
	sendAs: 'single' | 'batch';
	batchSize: { default: number; max: number };
	concurrency: number;
	/** Milliseconds. */
	timeout: { single: number; batch: number };
	onRejectedBatch: 'isolate' | 'fail';
	extraFields: 'ignore' | 'error' | 'send';
	/** Whether the vendor tolerates undocumented names, so that they may be sent. */
	additionalProperties: boolean;
	maxAgeDays?: number;
}
