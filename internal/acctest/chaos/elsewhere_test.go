package chaos

import (
	"context"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// accountKey is the key of the account.
type accountKey struct{}

// Retrieve returns it.
func (accountKey) Retrieve(context.Context) (cloudapi.Credential, error) {
	return cloudapi.Credential{SecretID: acctest.SecretID, SecretKey: secret.New(acctest.SecretKey)}, nil
}

// startElsewhere starts a task without Terraform.
func (u *universe) startElsewhere(region string, seat tfcore.Values) (string, error) {
	endpoint, err := cloudapi.ParseEndpoint(u.ground.url)
	if err != nil {
		return "", err
	}
	client := trtcclient.New(trtcclient.Config{
		Endpoint: endpoint, Credentials: accountKey{}, Clock: u.clock, Transport: road{ground: u.ground, script: &u.script},
	})
	room, _ := seat["room_id"].(string)
	roomType, _ := seat["room_id_type"].(int64)
	user, _ := seat["user_id"].(string)
	return client.Start(context.Background(), region, trtcclient.StartInput{
		SdkAppID: acctest.SdkAppID, RoomID: room, RoomIDType: roomType, UserID: user,
		UserSig: secret.New(mint(user, u.clock.Now(), ticketLifetime)), StreamURL: secret.New(acctest.StreamURL),
	})
}
