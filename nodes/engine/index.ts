/** The one door of the engine: all that a vendor folder may import from it. */
export { nameOf } from './check/schema';
export {
	asPairs,
	checkValue,
	hasLoneSurrogate,
	isAbsent,
	isPlainObject,
	toJsonText,
	without,
} from './check/values';
export type { ValueContext } from './check/values';
export { formOf } from './form/form';
export type {
	Authenticate,
	Choice,
	CredentialBinding,
	Envelope,
	Field,
	Issue,
	Json,
	Operation,
	OperationDefaults,
	ResponseRules,
	Rule,
	Section,
	Selector,
	SettingRow,
	ShowWhen,
	Target,
	ValueType,
	WireForm,
} from './operation/operation';
export { run } from './run';
