/**
 * n8n's table `processed_data` in memory, and the part of n8n that reads and writes it. n8n-core asks it through its own
 * `DataDeduplicationService`; the part itself belongs to the n8n server (`dist/deduplication`), which is not installed
 * here. It does as n8n 2.41.1 and 1.100.1 do, their faults included: a row is read, changed and written without a lock,
 * and what is twice in one call is new both times.
 */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { IDataDeduplicator } from 'n8n-workflow';

interface Row {
	mode: string;
	data: string[];
}

/** Rows as JSON text by workflow and node, as in the database. */
export class ProcessedData {
	readonly rows = new Map<string, string>();
	/** Calls that reach the database, and what they do there. Replaced by tests that let it fail. */
	access: (what: 'read' | 'insert' | 'update') => Promise<void> = async () => await nextTurn();

	async read(id: string): Promise<Row | undefined> {
		await this.access('read');
		const text = this.rows.get(id);
		return text === undefined ? undefined : (JSON.parse(text) as Row);
	}

	async insert(id: string, row: Row): Promise<void> {
		await this.access('insert');
		if (this.rows.has(id)) {
			throw new Error(
				'SQLITE_CONSTRAINT: UNIQUE constraint failed: processed_data.workflowId, processed_data.context',
			);
		}
		this.rows.set(id, JSON.stringify(row));
	}

	async update(id: string, row: Row): Promise<void> {
		await this.access('update');
		this.rows.set(id, JSON.stringify(row));
	}

	/** All hashes that are kept. */
	entries(): string[] {
		return [...this.rows.values()].flatMap((text) => (JSON.parse(text) as Row).data);
	}
}

const hashOf = (value: unknown): string => createHash('md5').update(String(value)).digest('base64');

/** What n8n-core calls; `dataOf` gives the table of the run that calls it. */
export function createDeduplicator(dataOf: () => ProcessedData): IDataDeduplicator {
	type Context = Parameters<IDataDeduplicator['checkProcessedAndRecord']>[2];
	const idOf = (scope: string, { workflow, node }: Context): string => {
		if (!workflow.id)
			throw new Error('The expression evaluated to a falsy value: assert.ok(contextData.workflow.id)');
		return `${workflow.id} ${scope === 'node' ? `n:${node?.id}` : ''}`;
	};
	return {
		async checkProcessedAndRecord(items, scope, context, { maxEntries }) {
			const data = dataOf();
			const id = idOf(scope, context);
			const row = await data.read(id);
			const hashes = items.map(hashOf);
			if (!row) {
				if (maxEntries) hashes.splice(0, hashes.length - maxEntries);
				await data.insert(id, { mode: 'entries', data: hashes });
				return { new: items, processed: [] };
			}
			const held = new Set(row.data);
			const found = { new: [] as typeof items, processed: [] as typeof items };
			for (const [at, hash] of hashes.entries()) {
				if (held.has(hash)) {
					found.processed.push(items[at]);
				} else {
					found.new.push(items[at]);
					row.data.push(hash);
				}
			}
			if (maxEntries) row.data.splice(0, row.data.length - maxEntries);
			await data.update(id, row);
			return found;
		},
		async removeProcessed(items, scope, context) {
			const data = dataOf();
			const id = idOf(scope, context);
			const row = await data.read(id);
			if (!row) return;
			for (const hash of items.map(hashOf)) {
				const at = row.data.indexOf(hash);
				if (at !== -1) row.data.splice(at, 1);
			}
			await data.update(id, row);
		},
		async clearAllProcessedItems(scope, context) {
			dataOf().rows.delete(idOf(scope, context));
		},
		async getProcessedDataCount(scope, context) {
			return (await dataOf().read(idOf(scope, context)))?.data.length ?? 0;
		},
	};
}
