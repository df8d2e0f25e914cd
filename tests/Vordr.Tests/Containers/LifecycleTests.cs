using Oci.Errors;
using Vordr.Containers;

namespace Vordr.Tests.Containers;

public sealed class LifecycleTests
{
    private static readonly string[] Allowed =
    [
        " Created",
        "Created Running",
        "Created Stopped",
        "Created Removed",
        "Running Paused",
        "Running Stopped",
        "Running Removed",
        "Paused Running",
        "Paused Stopped",
        "Stopped Running",
        "Stopped Removed",
    ];

    [Fact]
    public void Allows_exactly_the_transitions_of_the_design()
    {
        ContainerState?[] sources = [null, .. Enum.GetValues<ContainerState>().Cast<ContainerState?>()];

        var found =
            from source in sources
            from target in Enum.GetValues<ContainerState>()
            where Lifecycle.Allows(source, target)
            select $"{source} {target}";

        found.Should().BeEquivalentTo(Allowed);
    }

    [Theory]
    [InlineData(ContainerState.Running, ContainerState.Running, "ERR_CONTAINER_RUNNING")]
    [InlineData(ContainerState.Created, ContainerState.Paused, "ERR_CONTAINER_STOPPED")]
    [InlineData(ContainerState.Removed, ContainerState.Running, "ERR_STATE")]
    public void Demand_refuses_in_the_words_of_what_was_wanted(ContainerState from, ContainerState to, string error)
    {
        var demand = () => Lifecycle.Demand("web", from, to);

        demand.Should().Throw<PublicError>().Which.Id.Name.Should().Be(error);
    }
}
