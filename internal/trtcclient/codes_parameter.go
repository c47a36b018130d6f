package trtcclient

// parameterCodes explains what is wrong with a request's parameters.
func parameterCodes() []Explanation {
	return []Explanation{
		{
			Code: "InvalidParameter.BodyParamsError", Class: Final,
			Summary: "The service could not read the request",
			Advice:  "Look for a proxy or gateway that changes requests. If there is none, please report this to the provider's developers with the RequestId.",
		},
		{
			Code: "InvalidParameter.SdkAppId", Class: Final, Parameter: "SdkAppId",
			Summary: "The service does not accept the application ID",
			Advice:  "Compare sdk_app_id with the TRTC console.",
		},
		{
			Code: "InvalidParameter.RoomId", Class: Final, Parameter: "RoomId",
			Summary: "The service does not accept the room ID",
			Advice:  "With room_id_type = 1 the room is a number from 1 to 4294967295; use room_id_type = 0 for a string room.",
		},
		{
			Code: "InvalidParameter.StrRoomId", Class: Final, Parameter: "RoomId",
			Summary: "The service does not accept the string room ID",
			Advice:  "With room_id_type = 0 the room has 1 to 64 bytes of the documented set of characters.",
		},
		{
			Code: "InvalidParameter.UserId", Class: Final, Parameter: "UserId",
			Summary: "The service does not accept the user ID",
			Advice:  "user_id has 1 to 32 characters of a-z, A-Z, 0-9, _ and -.",
		},
		{
			Code: "InvalidParameter.UserSig", Class: Final, Parameter: "UserSig",
			Summary: "The ticket is expired or does not fit",
			Advice: "Mint a new ticket for exactly this sdk_app_id and user_id with the application's current secret key; " +
				"the ephemeral resource trtc_user_sig does so at each run.",
		},
		{
			Code: "InvalidParameter.StreamUrl", Class: Final, Parameter: "StreamUrl",
			Summary: "The service does not accept the stream URL",
			Advice:  "Check that the URL is reachable from the internet and that protocol, container and codecs are supported (HTTP, HTTPS, RTMP, HLS; H.264 or VP8; AAC or OPUS).",
		},
		{
			Code: "InvalidParameter.TaskId", Class: Final, Parameter: "TaskId",
			Summary: "The service does not accept the task ID",
			Advice:  "Compare the task ID with the one that the start returned; it belongs to one application and one run.",
		},
		{
			Code: "InvalidParameter", Class: Final,
			Summary: "The service does not accept a value of the request",
			Advice:  "The service's message above names the value; compare it with the documentation of the argument.",
		},
		{
			Code: "InvalidParameterValue", Class: Final,
			Summary: "A value is outside of what the service accepts",
			Advice:  "The service's message above names the value; compare it with the documentation of the argument.",
		},
		{
			Code: "MissingParameter.RoomId", Class: Final, Parameter: "RoomId",
			Summary: "The service demands a room ID", Advice: "Set room_id.",
		},
		{
			Code: "MissingParameter.SdkAppId", Class: Final, Parameter: "SdkAppId",
			Summary: "The service demands an application ID", Advice: "Set sdk_app_id.",
		},
		{
			Code: "MissingParameter.TaskId", Class: Final, Parameter: "TaskId",
			Summary: "The service demands a task ID", Advice: "Set task_id.",
		},
		{
			Code: "MissingParameter.UserId", Class: Final, Parameter: "UserId",
			Summary: "The service demands a user ID", Advice: "Set user_id.",
		},
		{
			Code: "MissingParameter.UserSig", Class: Final, Parameter: "UserSig",
			Summary: "The service demands a ticket", Advice: "Set user_sig_wo (or user_sig) to a ticket for user_id.",
		},
		{
			Code: "MissingParameter", Class: Final,
			Summary: "The service demands another parameter",
			Advice:  "The service's message above names it. Set the argument, or update the provider if there is none.",
		},
		{
			Code: "UnknownParameter", Class: Final,
			Summary: "The service does not know a parameter",
			Advice:  "Check that domain and endpoint lead to Tencent's TRTC API, and update the provider.",
		},
	}
}
