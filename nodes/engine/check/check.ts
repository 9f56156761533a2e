import type { Issue, Json, Operation, RuleContext, Variant } from '../operation/operation';
import { variantOf } from '../operation/variants';
import type { DroppedNames } from '../report/dropped';
import { noteWarnings } from '../report/noted';
import { completed, type Steps } from '../steps';
import { compileAliases } from './aliases';
import type { CheckSettings } from './checkSettings';
import { placeOf, wirePath } from './eventPath';
import { bindingOf } from './evidence';
import type { Fault, Findings, Path } from './findings';
import { createPasses, splitFields, type Scope } from './passes';
import { compilePaths } from './paths';
import { compileLists } from './listed';
import { readList } from './lists';
import { IssueList } from './issues';
import { isAbsent, isPlainObject } from './objects';
import { lacksOf, otherVariant, resolveCustom, withoutBlank } from './variants';

/**
 * `shown`: the event in its wire form, where what is at fault or not documented stands as it was given. `warnings`: what the event
 * breaks without being refused for it.
 */
export type CheckResult = ({ event: Json } | { issues: Issue[]; moreIssues?: number; shown: Json }) & {
	warnings?: Issue[];
};

/** What was found in one event: `issues` refuse it, `warnings` do not. */
interface Report {
	issues: IssueList;
	warnings: IssueList;
}

const NO_PATH: Path = [];

/** Takes issues of one part of the event. */
const issuesAt =
	(prefix: string, { issues }: Report) =>
	({ field, message }: Issue): void =>
		issues.add({ field: placeOf(field, prefix), message });

/**
 * Checks mapped events against an operation's table: each into its documented wire form, or every fault it has.
 * One checker serves one run; it compiles the table once for each variant that has rows of its own.
 */
export function createChecker(...of: Parameters<typeof createStepwiseChecker>) {
	const steps = createStepwiseChecker(...of);
	return (...event: Parameters<typeof steps>): CheckResult => completed(steps(...event));
}

/** The same in steps, since one event may be as large as thousands of others. */
export function createStepwiseChecker(operation: Operation, settings: CheckSettings, dropped: DroppedNames) {
	const { variants } = operation;
	const { shared, perEvent } = splitFields(operation);
	const binds = bindingOf(operation, settings.unprovenRules);
	const passOf = createPasses(operation, settings, dropped, binds);
	const isWarned = settings.unprovenRules !== 'ignore';
	const nest = compilePaths(operation.fields, operation.listOf === undefined ? [] : [operation.listOf]);
	const nestListed = compilePaths(perEvent);
	const withoutAliases = compileAliases(operation.fields);
	const spreadLists = {
		whole: compileLists(operation.fields),
		shared: compileLists(shared),
		event: compileLists(perEvent),
	};
	const rulesOf: Record<Scope, Operation['rules']> = {
		whole: operation.rules,
		shared: operation.rules.filter((rule) => !rule.perEvent),
		event: operation.rules.filter((rule) => rule.perEvent),
	};

	function warn({ warnings }: Report, issue: Issue): void {
		if (isWarned) warnings.addOnce(issue);
	}

	/** What the variant of the event asks for. */
	function checkVariant(event: Json, given: Json, variant: Variant, prefix: string, report: Report): void {
		if (!variants) return;
		const lacks = lacksOf(event, variant, variants, operation.fields);
		if (lacks.length === 0) return;
		const other = otherVariant(given, variant, variants);
		const isTold = (path: string) =>
			report.issues.kept.some(({ field }) => path === field || path.startsWith(`${field}.`));
		for (const [number, { field, message, evidence }] of lacks.entries()) {
			const path = placeOf(field, prefix);
			if (isTold(path)) continue;
			const advice =
				other && number === 0 && !variants.travels
					? `. The event has all that ${other.label} requires: set '${variants.label}' (${variants.parameter}) to '${other.label}' (${other.value}) in the node, or to an expression if the items differ`
					: '';
			const issue = { field: path, message: `${message}${advice}` };
			if (binds(evidence)) report.issues.add(issue);
			else warn(report, issue);
		}
	}

	function* checkFields(
		scope: Scope,
		raw: Json,
		chosen: string | undefined,
		prefix: string,
		report: Report,
	): Steps<CheckedFields> {
		const onIssue = issuesAt(prefix, report);
		const given = spreadLists[scope](raw, onIssue);
		const decides = scope === 'shared' ? undefined : variants;
		const resolved = decides?.travels ? resolveCustom(given, decides, operation.fields, onIssue) : given;
		const decided = decides?.travels ? resolved[decides.parameter] : chosen;
		const variant = variantOf(decides, decided);
		const value = variant ? withoutBlank(resolved, variant) : resolved;
		const findings: Findings = { faults: [], doubts: [] };
		const checked = yield* passOf(scope, variant)(value, NO_PATH, findings);
		tell(findings, prefix, report);
		// Rules across fields look at what was given where a field is at fault.
		const event = findings.faults.length ? value : checked;
		if (variant) checkVariant(event, value, variant, prefix, report);
		if (rulesOf[scope].length) checkRules(rulesOf[scope], event, decided, prefix, report);
		return { event, shown: () => withGiven(checked, value) };
	}

	/** Brings what was found into the report. */
	function tell(found: Findings, prefix: string, report: Report): void {
		const asIssue = ({ path, message }: Fault): Issue => ({ field: wirePath(path, prefix), message });
		for (const fault of found.faults) report.issues.add(asIssue(fault));
		report.issues.more += found.moreFaults ?? 0;
		for (const doubt of found.doubts) warn(report, asIssue(doubt));
		for (const remark of found.remarks ?? []) report.warnings.addOnce(asIssue(remark));
	}

	/** Rules across fields. */
	function checkRules(
		rules: Operation['rules'],
		event: Json,
		decided: unknown,
		prefix: string,
		report: Report,
	): void {
		const context: RuleContext = {
			variant: typeof decided === 'string' ? decided : undefined,
			now: settings.now,
			settings: settings.all,
		};
		for (const rule of rules) {
			for (const { field, message } of rule.check(event, context)) {
				const issue = { field: placeOf(field, prefix), message };
				if (binds(rule.evidence)) report.issues.addOnce(issue);
				else warn(report, issue);
			}
		}
	}

	function* checkList(
		given: Json,
		listName: string,
		chosen: string | undefined,
		report: Report,
	): Steps<CheckedFields> {
		const { issues } = report;
		const { [listName]: rawList, ...rest } = given;
		const read = readList(rawList);
		const head = yield* checkFields('shared', rest, chosen, '', report);
		if ('error' in read) {
			issues.add({ field: listName, message: `'${listName}' ${read.error}` });
			return { event: given, shown: () => ({ ...head.shown(), [listName]: rawList }) };
		}
		const list = read.list ?? [];
		if (list.length === 0) issues.add({ field: listName, message: `'${listName}' is empty` });
		if (list.length > settings.maxListed) {
			issues.add({
				field: listName,
				message: `'${listName}' holds ${list.length} events, more than the batch size of ${settings.maxListed}; a list is sent whole`,
			});
			return { event: given, shown: () => ({ ...head.shown(), [listName]: rawList }) };
		}
		const events: Array<{ event: unknown; shown: () => unknown }> = [];
		// Entries also visit the holes of a list.
		for (const [at, member] of list.entries()) {
			const path = `${listName}[${at}]`;
			if (isPlainObject(member)) {
				const nested = nestListed(member);
				for (const { field, message } of nested.issues) issues.add({ field: `${path}.${field}`, message });
				events.push(yield* checkFields('event', nested.event, chosen, path, report));
				continue;
			}
			issues.add({ field: path, message: 'Each event of a list must be an object' });
			events.push({ event: member, shown: () => member });
		}
		return {
			event: { ...head.event, [listName]: events.map(({ event }) => event) },
			shown: () => ({ ...head.shown(), [listName]: events.map(({ shown }) => shown()) }),
		};
	}

	function resultOf({ event, shown }: CheckedFields, report: Report): CheckResult {
		const { kept: issues, more } = report.issues;
		// What is wrong with a field anyway needs no second sentence.
		const warnings = report.warnings.kept.filter(
			({ field }) => !issues.some((issue) => issue.field === field),
		);
		if (warnings.length) noteWarnings(dropped, warnings);
		if (issues.length === 0) return warnings.length ? { event, warnings } : { event };
		return {
			issues,
			...(more ? { moreIssues: more } : {}),
			shown: shown(),
			...(warnings.length ? { warnings } : {}),
		};
	}

	/**
	 * `chosen`: the value of the parameter that decides, where the event does not hold it. `notices`: warnings that the
	 * event has already.
	 */
	return function* check(mapped: Json, chosen?: string, notices: readonly Issue[] = []): Steps<CheckResult> {
		const nested = nest(mapped);
		const report: Report = { issues: new IssueList(), warnings: new IssueList() };
		for (const issue of nested.issues) report.issues.add(issue);
		for (const notice of notices) report.warnings.add(notice);
		const renamed = withoutAliases(normalized(nested.event, operation, settings.all, report));
		const listName = operation.listOf;
		const checked =
			listName !== undefined && !isAbsent(renamed[listName])
				? yield* checkList(renamed, listName, chosen, report)
				: yield* checkFields('whole', renamed, chosen, '', report);
		return resultOf(checked, report);
	};
}

/** An event or its part in its wire form; `shown`: what is at fault stands in it as it was given. */
interface CheckedFields {
	event: Json;
	shown: () => Json;
}

/** What could be brought into its wire form, and beside it all else as it was given. */
function withGiven(checked: Json, given: Json): Json {
	const others = Object.entries(given).filter(([name, value]) => !(name in checked) && !isAbsent(value));
	return { ...checked, ...Object.fromEntries(others) };
}

/** The event as the operation arranges it before it is checked. */
function normalized(
	event: Json,
	{ normalize }: Operation,
	settings: CheckSettings['all'],
	{ issues, warnings }: Report,
): Json {
	if (!normalize) return event;
	const result = normalize(event, settings);
	for (const issue of result.issues) issues.add(issue);
	for (const warning of result.warnings ?? []) warnings.add(warning);
	return result.event;
}
