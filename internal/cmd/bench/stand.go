package main

import "context"

// stand is a service and a place for states, for as long as something is
// measured.
type stand struct {
	service *service
	states  *states
}

// erect starts both; the service holds a rate per action, or unlimited.
func erect(ctx context.Context, requestsPerSecond int) (*stand, error) {
	service, err := serve(ctx, requestsPerSecond)
	if err != nil {
		return nil, err
	}
	states, err := keepStates(ctx)
	if err != nil {
		service.end()
		return nil, err
	}
	return &stand{service: service, states: states}, nil
}

func (s *stand) end() {
	s.states.end()
	s.service.end()
}
