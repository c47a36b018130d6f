package trtcclient

// serviceCodes explains limits and faults of the service itself.
func serviceCodes() []Explanation {
	return []Explanation{
		{
			Code: "RequestLimitExceeded", Class: Throttled,
			Summary: "Too many requests",
			Advice:  "The request was slowed down and repeated for as long as the operation may take. Lower requests_per_second when several programs share the account.",
		},
		{
			Code: "LimitExceeded", Class: Final,
			Summary: "A quota of the account is reached",
			Advice:  "The service's message above names the quota; ask Tencent Cloud support with a ticket to raise it.",
		},
		{
			Code: "ResourceInsufficient.RequestRejection", Class: Busy,
			Summary: "The service has no capacity now",
			Advice:  "Try again in some minutes, or in another region.",
		},
		{
			Code: "ResourceInsufficient", Class: Final,
			Summary: "The service lacks a resource",
			Advice:  "Try again later, or in another region.",
		},
		{
			Code: "InternalError", Class: Faulty,
			Summary: "The service had an internal error",
			Advice:  "The request was repeated and failed each time. Try again later; Tencent Cloud support can look it up by its RequestId.",
		},
		{
			Code: "ServiceUnavailable", Class: Lost,
			Summary: "The service is unavailable", Advice: "Try again later.",
		},
		{
			Code: "ResourceUnavailable", Class: Lost,
			Summary: "The service is unavailable", Advice: "Try again later.",
		},
		{
			Code: "UnsupportedOperation", Class: Final,
			Summary: "The service does not support this operation",
			Advice:  "Check that domain names the right site (international or China) and that the application's package includes stream ingest.",
		},
		{
			Code: "InvalidAction", Class: Final,
			Summary: "The host does not know the action",
			Advice:  "Check that domain and endpoint lead to Tencent's TRTC API.",
		},
		{
			Code: "NoSuchVersion", Class: Final,
			Summary: "The host does not know the API version",
			Advice:  "Check that domain and endpoint lead to Tencent's TRTC API.",
		},
	}
}
