import type { Issue } from '../operation/operation';

/** Most issues of one event that are kept. */
export const KEPT_ISSUES = 20;

/** What is wrong with an event, or needs a look: the first twenty, and the number of the others. */
export class IssueList {
	readonly kept: Issue[] = [];
	more = 0;

	add(issue: Issue): void {
		if (this.kept.length < KEPT_ISSUES) this.kept.push(issue);
		else this.more++;
	}

	/** Unless something is kept of that field already. */
	addOnce(issue: Issue): void {
		if (!this.kept.some(({ field }) => field === issue.field)) this.add(issue);
	}
}
