package trtcclient

// Codes of the four stream-ingest actions that decisions are made on.
const (
	// CodeTaskExist is answered by StartStreamIngest.
	CodeTaskExist = "FailedOperation.TaskExist"
	// CodeTaskNotExist is answered by UpdateStreamIngest, and tolerated from
	// StopStreamIngest.
	CodeTaskNotExist = "FailedOperation.TaskNotExist"
	// CodeTaskFinished is answered by StopStreamIngest.
	CodeTaskFinished = "FailedOperation.TaskFinished"
	// CodeQueryTaskInfoFailed is answered by DescribeStreamIngest.
	CodeQueryTaskInfoFailed = "FailedOperation.QueryTaskInfoFailed"
)

// actionCodes explains what the operations themselves answer.
func actionCodes() []Explanation {
	return []Explanation{
		{
			Code: "FailedOperation.NotAllowed", Class: Final,
			Summary: "The account may not ingest streams",
			Advice:  "Ask Tencent Cloud support with a ticket to enable online media stream ingest for this account.",
		},
		{
			Code: "FailedOperation.NotRtmpFunction", Class: Final,
			Summary: "RTMP is not enabled for the application",
			Advice:  "Enable RTMP for this application in the TRTC console, or pull the stream over HTTP or HTTPS.",
		},
		{
			Code: "FailedOperation.NotAbility", Class: Final,
			Summary: "The application's package lacks this feature",
			Advice:  "Subscribe to a TRTC package that includes online media stream ingest, or enable the feature for this application in the TRTC console.",
		},
		{
			Code: "FailedOperation.RestrictedConcurrency", Class: Final,
			Summary: "The quota of running ingest tasks is reached",
			Advice:  "Stop tasks that are no longer needed, or ask Tencent Cloud support with a ticket to raise the quota.",
		},
		{
			Code: CodeTaskExist, Class: Lingering,
			Summary: "A stream ingest is already running for this room and user",
			Advice: "If it is the one you want, import it: its TaskId is in the room's event callbacks and in the log of whoever started it " +
				"(import ID \"<region>/<sdk_app_id>/<task_id>\"). Otherwise stop it, or choose another user_id. " +
				"With create_before_destroy the old task still holds room and user while the new one starts: remove that lifecycle setting.",
		},
		{
			Code: CodeTaskNotExist, Class: Gone,
			Summary: "The stream ingest has ended",
			Advice:  "Run terraform plan: it reads the task again and shows what on_task_end makes of its end.",
		},
		{
			Code: CodeTaskFinished, Class: Gone,
			Summary: "The stream ingest has ended",
			Advice:  "Run terraform plan: it reads the task again and shows what on_task_end makes of its end.",
		},
		{
			Code: CodeQueryTaskInfoFailed, Class: Final,
			Summary: "The service could not read the task",
			Advice:  "This says nothing about whether the task runs, and the state is kept as it was. Try again in a minute.",
		},
		{
			Code: "FailedOperation.SdkAppIdNotExist", Class: Final, Parameter: "SdkAppId",
			Summary: "The application does not exist",
			Advice:  "Compare sdk_app_id with the TRTC console, and check that domain is that of the site (international or China) the application belongs to.",
		},
		{
			Code: "FailedOperation.SdkAppIdNotUnderAppId", Class: Final, Parameter: "SdkAppId",
			Summary: "The application belongs to another account",
			Advice:  "Use the credentials of the account that owns the application, or correct sdk_app_id.",
		},
		{
			Code: "FailedOperation", Class: Final,
			Summary: "The service could not carry the operation out",
			Advice:  "The service's message above says why. Tencent Cloud support can look the request up by its RequestId.",
		},
	}
}
