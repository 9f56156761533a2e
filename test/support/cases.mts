/** What a test that goes over all operations must know of each, from `test/vendors/<vendor>/cases.mts`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import maxBy from 'lodash/maxBy.js';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { operations } from '../../index.ts';
import type { Operation } from '../../nodes/engine/operation/operation.ts';
import type { Fault, RecordedRequest, StoredEvent, Vendor } from '../../tools/sandbox/server.mts';
import { folderOf, keyOf, root, slugOf, vendorFolders } from './folders.mts';

export interface OperationCase {
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
	/** A good event about a person who must not be named in an error's title or a log line. */
	ofPerson: (id: string, person: string) => IDataObject;
	/** An answer by which the vendor takes what was sent. */
	accepted: { statusCode: number; headers?: IDataObject; body: string };
	/** Most requests for 100,000 good events, sent as by default. */
	mostRequests: number;
	/** What the vendor answers to a bad event, without storing. */
	refusal: Fault;
	/** Answers that say nothing about storing, in either case. */
	silent: number[];
	/** 5xx that say that nothing was stored. */
	notStored: number[];
	/** Sending such an event again counts once, so that it is repeated, and the sandbox may have it several times. */
	repeatable?: true;
}

/** How items `{ id, user, text }` are mapped in the form. `$vars.next()` counts, so that each try makes other events. */
export interface ChangingMapping {
	node: string;
	parameters: INodeParameters;
	/** Where the text and the count stand in what was stored. */
	nameOf: (stored: StoredEvent) => unknown;
}

export interface NamedCase extends OperationCase {
	/** The operation's name, e.g. `myTrackerLogin`. */
	node: string;
	vendor: Vendor;
	operation: Operation;
}

/** `$vars` of a run whose mapping gives another event at each try. */
export function countingVariables(): IDataObject {
	let count = 0;
	return { next: (() => ++count) as never };
}

function caseOf(operation: Operation): NamedCase {
	const folder = folderOf(operation);
	const file = `test/vendors/${slugOf(folder)}/cases.mts`;
	const missing = `${operation.name} has no case in ${file}; partition, fault matrix, cancel, fuzz and secrets need it`;
	if (!existsSync(join(root, file))) throw new Error(missing);
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const { cases } = require(join(root, file)) as { cases: Record<string, OperationCase> };
	const found = cases[operation.name];
	if (!found) throw new Error(missing);
	return { ...found, node: operation.name, vendor: keyOf(folder) as Vendor, operation };
}

/** One per operation. */
export const operationCases: readonly NamedCase[] = operations.map(caseOf);

/** One per vendor, that of its largest event among those that share requests, for what is the same for each of its operations. */
export const vendorCases: readonly NamedCase[] = vendorFolders.map((folder) => {
	const own = operationCases.filter(
		({ vendor, operation }) => vendor === keyOf(folder) && !operation.oneByOne,
	);
	const found = maxBy(own, ({ good }) => JSON.stringify(good('ev-a')).length);
	if (!found) throw new Error(`index.ts has no operation of nodes/${folder}`);
	return found;
});

export interface ChangingCase extends NamedCase, ChangingMapping {}

/** One per vendor: its items hold what the mapping needs, and are good, refused by the vendor, or invalid. */
export const changingCases: readonly ChangingCase[] = vendorFolders.map((folder) => {
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const { changing } = require(join(root, `test/vendors/${slugOf(folder)}/cases.mts`)) as {
		changing?: ChangingMapping;
	};
	const found = operationCases.find(({ node }) => node === changing?.node);
	if (!changing || !found) {
		throw new Error(
			`test/vendors/${slugOf(folder)}/cases.mts exports no 'changing' of one of its operations`,
		);
	}
	const item = (user: string) => (id: string) => ({ id, user, text: 'try ' });
	const parameters = { mappingMode: 'defineBelow', ...changing.parameters };
	const kinds = { good: item('ann'), refused: item('sandbox-refuse'), invalid: item('') };
	return { ...found, ...kinds, ...changing, parameters };
});

/** Ids of the events that a request carries, in order. */
export function idsIn({ url, body }: Pick<RecordedRequest, 'url' | 'body'>): string[] {
	const query = url.includes('?')
		? decodeURIComponent(url.slice(url.indexOf('?')).replace(/\+/g, '%20'))
		: '';
	return `${query} ${body.toString()}`.match(/\bev-[a-z0-9]+\b/g) ?? [];
}
