using SaeNotebooks.Kernel.Session;

namespace SaeNotebooks.Kernel.Tests;

/// <summary>Outputs as the SDK 10.0.401 writes them.</summary>
public sealed class RestoreErrorsTests
{
    [Fact]
    public void A_downgrade_names_both_sides() => Assert.Equal(
        "Versions of Apple conflict: Pie 1.0.0 needs >= 2.0.0, a cell asks for >= 1.0.0. " +
        "Ask for one that suits all; if another is loaded already, restart the kernel first. (NU1605)",
        RestoreErrors.Explain("""
            /build/packages.csproj : error NU1605: Warning As Error: Detected package downgrade: Apple from 2.0.0 to 1.0.0. Reference the package directly from the project to select a different version. 
            /build/packages.csproj : error NU1605:  packages -> Pie 1.0.0 -> Apple (>= 2.0.0) 
            /build/packages.csproj : error NU1605:  packages -> Apple (>= 1.0.0)
            """));

    [Fact]
    public void A_conflict_of_two_packages_names_both() => Assert.StartsWith(
        "Versions of Apple conflict: Pie 1.0.0 needs = 2.0.0, Tart 1.0.0 needs = 1.0.0. ",
        RestoreErrors.Explain("""
            /build/packages.csproj : error NU1107: Version conflict detected for Apple. Install/reference Apple 2.0.0 directly to project packages to resolve this issue. 
            /build/packages.csproj : error NU1107:  packages -> Pie 1.0.0 -> Apple (= 2.0.0) 
            /build/packages.csproj : error NU1107:  packages -> Tart 1.0.0 -> Apple (= 1.0.0).
            """));

    [Fact]
    public void A_version_that_does_not_exist_names_the_nearest() => Assert.Equal(
        "Unable to find package Apple with version (>= 9.0.0); the nearest is 2.0.0 (NU1102)",
        RestoreErrors.Explain("""
            /build/packages.csproj : error NU1102: Unable to find package Apple with version (>= 9.0.0)
            /build/packages.csproj : error NU1102:   - Found 2 version(s) in /tmp/feed [ Nearest version: 2.0.0 ]
            """));

    [Theory]
    [InlineData("x.csproj : error NU1101: Unable to find package Nope. [/build/packages.csproj]", "Unable to find package Nope. (NU1101)")]
    [InlineData("Segmentation\nfault", "dotnet restore failed: Segmentation fault")]
    public void Anything_else_is_told_as_it_is(string output, string told) => Assert.Equal(told, RestoreErrors.Explain(output));
}
