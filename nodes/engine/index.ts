/** All that a vendor folder may import from the engine. */
export { EMAIL, IPV4, IPV6, UUID } from './check/formats';
export { toJsonText } from './check/freeValue';
export { parseJson } from './check/jsonReader';
export { isEmptyList, unfold } from './check/json';
export { readJson } from './check/jsonReader';
export { asPairs } from './check/pairs';
export { isAbsent, isBlank, isPlainObject, textOf, without } from './check/objects';
export type { ValueContext } from './check/result';
export { plainName } from './check/nearest';
export { nameOf } from './check/schema';
export { HALF_CHARACTER, loneSurrogateIssue } from './check/surrogate';
export { hasLoneSurrogate, plainDecimal } from './check/text';
export { durationInWords } from './check/times';
export { checkValue } from './check/values';
export { REDIRECTS, redirectRules, statusRule, statusRules, TESTED_BASE_URL } from './credentialTest';
export { formOf } from './form/form';
export { HOW_SENT, subtitleOf } from './form/subtitle';
export type {
	Authenticate,
	Choice,
	CompoundForm,
	CredentialBinding,
	Envelope,
	EventVariants,
	Evidence,
	Field,
	Issue,
	ListedAs,
	Json,
	Operation,
	OperationDefaults,
	HttpRequest,
	Pattern,
	ReadData,
	Reads,
	ResponseRules,
	Rule,
	RuleContext,
	Need,
	NeedOneOf,
	ParameterVariants,
	SearchedVendor,
	SearchWords,
	Section,
	SettingRow,
	Target,
	ValueType,
	Variant,
	Variants,
	WireForm,
} from './operation/operation';
export { EVENT_WORDS } from './operation/eventWords';
export { choicesOf, variantOf } from './operation/variants';
export { isAccountError, readAccounts } from './account';
export type { Account } from './account';
export { createCredentialReader } from './credentialReader';
export { systemClock } from './clock';
export type { Clock } from './clock';
export { classifyFailure } from './delivery/failure';
export { createMask, createQuoteMask } from './delivery/mask';
export { urlStep } from './delivery/urlStep';
export { parameterReader } from './mapping/parameterReader';
export { createPause } from './pause';
export type { Pause } from './pause';
export { CsvParser } from './reading/csv';
export { pollFile } from './reading/pollFile';
export type { FileResponse, PollResult } from './reading/pollFile';
export type { ReadOperation } from './reading/readOperation';
export { beginningOf, createStreamRequest } from './reading/streamRequest';
export { fixOfParameter } from './report/toolMessage';
export { quoted, userText } from './report/userText';
export { run } from './run';
