package conformance

import (
	"maps"
	"slices"
)

// manualProbes returns the facts that no program checks. Their observations are
// written into the snapshots by hand, in the same form. A task that should end
// after a minute ends "on time" after 48 to 85 seconds, otherwise "earlier" or
// "later".
func manualProbes() []Probe {
	return []Probe{
		{
			ID: 22, Fact: "A key without permission: AuthFailure.UnauthorizedOperation", Tier: ByHand, Unmodeled: true,
			Instruction: "Run make live with the key of a sub-account that has no policy: the first call shows the code.",
			Cases:       byHand(Observation{"describe": "AuthFailure.UnauthorizedOperation"}),
		},
		{
			ID: 24, Fact: "An application without a monthly package: FailedOperation.NotAbility", Tier: ByHand, Unmodeled: true,
			Instruction: "Run probe 31 with the SDKAppID and key of an application that has no monthly package: its reason shows the code.",
			Cases:       byHand(Observation{"start": "FailedOperation.NotAbility"}),
		},
		{
			ID: 37, Fact: "One task for each application, room type, room and user: TaskExist", Tier: ByHand,
			Instruction: "With tccli, start a task in room 4294967290 of type 0, start the same again, and then tasks that differ in the user, the room or the room type alone. Stop each task.",
			Cases:       byHand(Observation{"same": "FailedOperation.TaskExist", "other user": success, "other room": success, "other type": success}),
		},
		{
			ID: 38, Fact: "An Update keeps what it omits; the same URL does not start over; the volume is 100 at first", Tier: ByHand,
			Instruction: "Join the room of a task and listen while tccli sends Updates: Volume 30, IsPause true, Volume 20 (still silent?), IsPause false (still quiet?), and the same StreamUrl (does it go on?).",
			Cases:       byHand(Observation{"full volume at first": "true", "volume kept": "true", "pause kept": "true", "goes on after the same URL": "true"}),
		},
		{
			ID: 39, Fact: "A task ends after its repeats; a pause and SeekSecond do not change that", Tier: ByHand,
			Instruction: "Start four tasks with a file of 60 seconds: RepeatNum 1, RepeatNum 2, RepeatNum 1 paused at once, and RepeatNum 1 with SeekSecond 30. Describe each every five seconds until it is NotExist.",
			Cases:       byHand(Observation{"once": "on time", "twice": "on time", "paused": "on time", "from 30 s": "on time"}),
		},
		{
			ID: 40, Fact: "MaxDuration counts from Start, and only with RepeatNum -1", Tier: ByHand,
			Instruction: "Start two tasks with a file of 60 seconds and MaxDuration 1: one with RepeatNum -1, which should end after a minute, and one with RepeatNum 3, which should end later.",
			Cases:       byHand(Observation{"endless": "on time", "three times": "later"}),
		},
		{
			ID: 41, Fact: "A task outlives its UserSig, and an empty room does not end it", Tier: ByHand, Unmodeled: true,
			Instruction: "Start a task with MaxDuration 20 and a UserSig that is valid for one minute, in a room without anybody else, and describe it after 15 minutes.",
			Cases:       byHand(Observation{"after 15 minutes": inProgress}),
		},
		{
			ID: 42, Fact: "PrivateMapKey is checked in every application, but not its privileges", Tier: ByHand,
			Instruction: "Start tasks with the PrivateMapKey x, with one for another room and with one that allows to receive video only, and one without PrivateMapKey in an application with advanced permission control.",
			Cases:       byHand(Observation{"no ticket": "InvalidParameter", "other room": "InvalidParameter", "few privileges": success, "required but absent": "MissingParameter"}),
		},
		{
			ID: 43, Fact: "20 calls a second for each action and region, before parameters are checked", Tier: ByHand,
			Instruction: "With a test account, send 40 Describes of a task that does not exist within a second, and then at once one with SdkAppId 0, a Stop, and a Describe in another region.",
			Cases:       byHand(Observation{"accepted of 40": "20", "invalid call": "RequestLimitExceeded", "other action": "FailedOperation.TaskFinished", "other region": notExist}),
		},
		{
			ID: 44, Fact: "The quota rejects with RestrictedConcurrency, after TaskExist; a stopped task no longer counts", Tier: ByHand,
			Instruction: "With a test account, start tasks until one is rejected, repeat the first Start, stop one task and start another. Stop each task.",
			Cases:       byHand(Observation{"refused with": "FailedOperation.RestrictedConcurrency", "same task": "FailedOperation.TaskExist", "after a Stop": success}),
		},
		{
			ID: 45, Fact: "A Start that was rejected for the rate or for lack of capacity did not run", Tier: ByHand,
			Instruction: "After such an error, repeat the same Start: FailedOperation.TaskExist shows that the first one ran. Stop the task.",
			Cases:       byHand(Observation{"RequestLimitExceeded": success, "ResourceInsufficient": success}),
		},
		{
			ID: 47, Fact: "A task whose video is H.265 is InProgress for a minute", Tier: ByHand, Unmodeled: true,
			Instruction: "Start a task with an H.265 file and MaxDuration 2, and describe it after 10 and after 60 seconds. Stop the task.",
			Cases:       byHand(Observation{"after 10 s": inProgress, "after 60 s": inProgress}),
		},
	}
}

// byHand returns cases without steps.
func byHand(assumed Observation) []Case {
	var cases []Case
	for _, name := range slices.Sorted(maps.Keys(assumed)) {
		cases = append(cases, expect(name, assumed[name], nil))
	}
	return cases
}
