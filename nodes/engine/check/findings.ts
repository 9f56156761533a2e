import { KEPT_ISSUES } from './issues';

/** `['cart', 0, 'itemPrice']`. */
export type Path = ReadonlyArray<string | number>;

export interface Fault {
	path: Path;
	message: string;
}

/** What was found: `faults` refuse the event, `doubts` break what the vendor does not document. */
export interface Findings {
	faults: Fault[];
	/** Faults beside the first twenty. */
	moreFaults?: number;
	doubts: Fault[];
	/** What needs a look, whatever the vendor documents. */
	remarks?: Fault[];
}

export function addFault(findings: Findings, path: Path, message: string): void {
	if (findings.faults.length < KEPT_ISSUES) findings.faults.push({ path, message });
	else findings.moreFaults = (findings.moreFaults ?? 0) + 1;
}
