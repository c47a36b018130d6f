package conformance

// manualProbes returns the facts that no program checks. What was seen is written
// into a snapshot by hand: "fact" is "true" or "false".
func manualProbes() []Probe {
	probes := []Probe{
		{
			ID: 22, Unmodeled: true, Fact: "A key without permission: AuthFailure.UnauthorizedOperation",
			Instruction: "Run make live with the key of a sub-account that has no policy: the first call shows the code.",
		},
		{
			ID: 23, Fact: "STS: ResourceNotFound.RoleNotFound, InvalidParameter.ParamError, and MissingParameter without a region",
			Instruction: "With tccli, call AssumeRole for a role that does not exist, for the RoleArn x, and without a region.",
		},
		{
			ID: 24, Unmodeled: true, Fact: "An application without a monthly package: FailedOperation.NotAbility",
			Instruction: "Run probe 31 with the SDKAppID and key of an application that has no monthly package: its reason shows the code.",
		},
		{
			ID: 37, Fact: "One task for each application, room type, room and user: FailedOperation.TaskExist",
			Instruction: "With tccli, start a task in room 4294967290 of type 0, start the same again, and then tasks that differ in the user, the room or the room type alone, which should start. Stop each task.",
		},
		{
			ID: 38, Fact: "An Update keeps what it omits; the same URL does not start over; the volume is 100 at first",
			Instruction: "Join the room of a task and listen while tccli sends Updates: Volume 30, IsPause true, Volume 20 (still silent?), IsPause false (still quiet?), and the same StreamUrl (does it go on?).",
		},
		{
			ID: 39, Fact: "A task ends after its repeats; a pause and SeekSecond do not change that",
			Instruction: "Start four tasks with a file of 60 seconds: RepeatNum 1, RepeatNum 2, RepeatNum 1 paused at once, and RepeatNum 1 with SeekSecond 30. Describe each every five seconds until it is NotExist: after one minute, or after two with RepeatNum 2.",
		},
		{
			ID: 40, Fact: "MaxDuration counts from Start, and only with RepeatNum -1",
			Instruction: "Start two tasks with a file of 60 seconds and MaxDuration 1: one with RepeatNum -1, which should end after a minute, and one with RepeatNum 3, which should end later.",
		},
		{
			ID: 41, Unmodeled: true, Fact: "A task outlives its UserSig, and an empty room does not end it",
			Instruction: "Start a task with MaxDuration 20 and a UserSig that is valid for one minute, in a room without anybody else, and describe it after 15 minutes.",
		},
		{
			ID: 42, Fact: "PrivateMapKey is checked in every application, but not its privileges",
			Instruction: "Start tasks with the PrivateMapKey x and with one for another room (InvalidParameter), with one that allows to receive video only (starts), and without PrivateMapKey in an application with advanced permission control (MissingParameter).",
		},
		{
			ID: 43, Fact: "20 calls a second for each action and region, before parameters are checked: RequestLimitExceeded",
			Instruction: "With a test account, send 40 Describes of a task that does not exist within a second: 20 should succeed. Then send at once one with SdkAppId 0, which should be refused for the rate, and a Stop and a Describe in another region, which should not.",
		},
		{
			ID: 44, Fact: "The quota rejects with FailedOperation.RestrictedConcurrency, after TaskExist; a stopped task no longer counts",
			Instruction: "With a test account, start tasks until one is rejected, repeat the first Start (TaskExist), stop one task and start another. Stop each task.",
		},
		{
			ID: 45, Fact: "A Start that was rejected for the rate or for lack of capacity did not run",
			Instruction: "After RequestLimitExceeded or ResourceInsufficient, repeat the same Start: FailedOperation.TaskExist shows that the first one ran. Stop the task.",
		},
		{
			ID: 47, Unmodeled: true, Fact: "A task whose video is H.265 is InProgress for a minute",
			Instruction: "Start a task with an H.265 file and MaxDuration 2, and describe it after 10 and after 60 seconds. Stop the task.",
		},
	}
	for i := range probes {
		probes[i].Tier, probes[i].Cases = ByHand, []Case{expect("fact", "true", nil)}
	}
	return probes
}
