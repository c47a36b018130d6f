package trtcmock

import "time"

// checkTickets verifies UserSig and PrivateMapKey of a Start whose other
// parameters are known to be in range.
func (s *Server) checkTickets(v values, at time.Time) error {
	if err := s.checkUserSig(v, at); err != nil {
		return err
	}
	return s.checkPrivateMapKey(v, at)
}

func (s *Server) checkUserSig(v values, at time.Time) error {
	token := valueOf(v, "UserSig", "")
	if token == "" {
		return refuse(codeInvalidUserSig, "UserSig must not be empty.")
	}
	sdkAppID := valueOf[uint64](v, "SdkAppId", 0)
	appKey := s.appKey(sdkAppID)
	if appKey == "" {
		return nil
	}
	decoded, err := decodeTicket(token)
	if err == nil && decoded.Userbuf != "" {
		// Only a PrivateMapKey has a userbuf: the caller mixed up the two.
		err = errTicketForm
	}
	if err == nil {
		err = decoded.check(sdkAppID, valueOf(v, "UserId", ""), appKey, at)
	}
	if err != nil {
		return refuse(codeInvalidUserSig, "UserSig is refused: %v.", err)
	}
	return nil
}

// checkPrivateMapKey answers a wrong ticket with plain InvalidParameter, because
// no code for it is documented.
func (s *Server) checkPrivateMapKey(v values, at time.Time) error {
	sdkAppID := valueOf[uint64](v, "SdkAppId", 0)
	if !v.has("PrivateMapKey") {
		if s.options.PrivilegedApps[sdkAppID] {
			return refuse(codeMissingParameter, "The app has advanced permission control on: PrivateMapKey is missing.")
		}
		return nil
	}
	token := valueOf(v, "PrivateMapKey", "")
	if token == "" {
		return refuse(codeInvalidParameter, "PrivateMapKey must not be empty.")
	}
	appKey := s.appKey(sdkAppID)
	if appKey == "" {
		return nil
	}
	if err := openRoom(token, v, appKey, at); err != nil {
		return refuse(codeInvalidParameter, "PrivateMapKey is refused: %v.", err)
	}
	return nil
}

// openRoom says whether a PrivateMapKey opens the room that a Start names.
func openRoom(token string, v values, appKey string, at time.Time) error {
	sdkAppID, userID := valueOf[uint64](v, "SdkAppId", 0), valueOf(v, "UserId", "")
	decoded, err := decodeTicket(token)
	if err != nil {
		return err
	}
	if err := decoded.check(sdkAppID, userID, appKey, at); err != nil {
		return err
	}
	buffer, err := decodeUserbuf(decoded.Userbuf)
	if err != nil {
		return err
	}
	roomIDType := valueOf[uint64](v, "RoomIdType", roomIDTypeInteger)
	return buffer.check(sdkAppID, userID, roomIDType, valueOf(v, "RoomId", ""), at)
}

// appKey returns the key that tickets of an app are verified with; empty means
// that they are not.
func (s *Server) appKey(sdkAppID uint64) string {
	if key := s.options.AppKeys[sdkAppID]; key != "" {
		return key
	}
	return s.options.AnyAppKey
}
