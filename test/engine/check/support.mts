import type { Field, ValueType } from '../../../nodes/engine/operation/operation.ts';
import { checkValue } from '../../../nodes/engine/check/values.ts';
import { row } from '../../support/fakeVendor.mts';

export const NOW = Date.parse('2026-11-22T09:00:00Z');
export const ABOVE_SAFE = Number.MAX_SAFE_INTEGER + 1;

export interface More extends Partial<Field> {
	zone?: string;
	now?: number;
	/** Filled with the names of pairs that are left out. */
	dropped?: string[];
	onZoneUsed?: () => void;
}

export function check(type: ValueType, value: unknown, more: More = {}) {
	const { zone = 'Europe/Moscow', now = NOW, dropped, onZoneUsed, ...field } = more;
	return checkValue(value, row('field', type, field), {
		zone,
		now,
		onDroppedPair: (name) => dropped?.push(name),
		...(onZoneUsed ? { onZoneUsed } : {}),
	});
}

export function valueOf(type: ValueType, value: unknown, more: More = {}): unknown {
	const checked = check(type, value, more);
	if ('error' in checked) throw new Error(checked.error);
	return checked.value;
}

export function errorOf(type: ValueType, value: unknown, more: More = {}): string {
	const checked = check(type, value, more);
	return 'error' in checked ? checked.error : `no error: ${String(checked.value)}`;
}

export function doubtsOf(type: ValueType, value: unknown, more: More = {}): readonly string[] {
	const checked = check(type, value, more);
	if ('error' in checked) throw new Error(checked.error);
	return checked.doubts ?? [];
}

export function warningsOf(type: ValueType, value: unknown, more: More = {}): readonly string[] {
	const checked = check(type, value, more);
	if ('error' in checked) throw new Error(checked.error);
	return checked.warnings ?? [];
}
