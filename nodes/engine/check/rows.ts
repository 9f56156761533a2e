import type { Field, Json } from '../operation/operation';
import { userText } from '../report/userText';
import { KEPT_ISSUES } from './issues';
import { addFault, type Fault, type Findings, type Path } from './findings';
import type { ObjectCheck } from './schema';
import { isAbsent, isPlainObject } from './objects';
import type { Steps } from '../steps';

/** Names of a line that a message shows. */
const NAMED = 5;
/** Rows that take a few milliseconds. */
const ROWS_AT_ONCE = 500;
const IS_MISSING = / is required$/;

/** What a line holds under names that are not documented, most likely instead of what it lacks. */
function otherNames(row: Json, documented: ReadonlySet<string>): string {
	const others = Object.keys(row).filter((name) => !documented.has(name) && !isAbsent(row[name]));
	const named = others.slice(0, NAMED).map((name) => userText(name));
	return `${named.join(', ')}${others.length > NAMED ? ' and more' : ''}`;
}

/** Where a row stands, as people count. */
const lineOf = ({ label }: Field, at: number): string => `${label}, line ${at + 1}`;

/** `Cart, line 1: has sku, qty; needs 'Product ID' (productId), 'Quantity' (quantity)`. */
function inLine(
	faults: Fault[],
	from: number,
	line: string,
	row: Json,
	documented: ReadonlySet<string>,
): void {
	const found = faults.splice(from);
	const missing = found.filter(({ message }) => IS_MISSING.test(message));
	const has = missing.length ? otherNames(row, documented) : '';
	const needs = missing.map(({ message }) => message.replace(IS_MISSING, '')).join(', ');
	for (const { path, message } of found) {
		const isMissing = IS_MISSING.test(message);
		faults.push({ path, message: `${line}: ${isMissing && has ? `has ${has}; needs ${needs}` : message}` });
	}
}

/** Checks the lines of a list. What is wrong in one says which line it is, as people count them. */
export function* checkRows(
	rows: readonly unknown[],
	field: Field,
	path: Path,
	{ check, documented }: { check: ObjectCheck; documented: ReadonlySet<string> },
	findings: Findings,
): Steps<unknown[]> {
	const checkedRows: unknown[] = [];
	// Entries also visit the holes of a list.
	for (const [at, row] of rows.entries()) {
		if (at % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) yield;
		if (!isPlainObject(row)) {
			addFault(findings, [...path, at], `${lineOf(field, at)}: must be an object of names and values`);
			checkedRows.push(undefined);
			continue;
		}
		const { faults, doubts, remarks } = findings;
		const [faultsBefore, doubtsBefore, remarksBefore] = [faults.length, doubts.length, remarks?.length ?? 0];
		checkedRows.push(yield* check(row, [...path, at], findings));
		const tell = (list: Fault[], from: number) => {
			// Beyond what is kept nothing needs words.
			if (list.length > from && from < KEPT_ISSUES) inLine(list, from, lineOf(field, at), row, documented);
		};
		tell(faults, faultsBefore);
		tell(doubts, doubtsBefore);
		if (findings.remarks) tell(findings.remarks, remarksBefore);
	}
	return checkedRows;
}
