namespace SaeNotebooks.Kernel.Tests.Wire;

/// <summary>Static classes with extension methods, which C# allows at the top of a program only.</summary>
[Collection(nameof(SharedKernel))]
public sealed class ExtensionTests(SharedKernel kernel)
{
    private KernelClient Client => kernel.Client;

    [Fact]
    public void They_work_in_their_own_cell_and_in_later_ones()
    {
        Assert.Equal("6", Client.Run("static class Twofold { public static int Twice(this int n) => 2 * n; }\n3.Twice()").Result);
        Assert.Equal("8", Client.Run("4.Twice()").Result);
    }

    [Fact]
    public void Run_again_the_new_definition_holds()
    {
        Client.Run("static class Rerun { public static int Grown(this int n) => n + 1; }");
        Client.Run("static class Rerun { public static int Grown(this int n) => n + 2; }");
        Assert.Equal("12", Client.Run("10.Grown()").Result);
    }

    [Fact]
    public void Moved_into_another_cell_the_new_definition_holds()
    {
        Client.Run("static class Moved { public static int Up(this int n) => n + 1; }\nstatic class Kept { public static int Down(this int n) => n - 1; }");
        Client.Run("static class New { public static int Same(this int n) => n; }\nstatic class Moved { public static int Up(this int n) => n + 2; }");
        Assert.Equal("12 9 10", Client.Run("$\"{10.Up()} {10.Down()} {10.Same()}\"").Result);
    }

    [Fact]
    public void They_may_extend_types_of_their_own_cell_and_use_earlier_usings()
    {
        Client.Run("using System.Globalization;");
        Client.Run("""
            record Fish(string Name);
            static class FishTalk
            {
                internal static string Say(this Fish fish) => fish.Name.ToUpper(CultureInfo.InvariantCulture);
                public static string Bubble(this Fish fish) => fish.Say() + "o";
            }
            var eel = new Fish("eel");
            """);
        Assert.Equal("EELo", Client.Run("eel.Bubble()").Result);
    }

    [Fact]
    public void Extension_properties_work() =>
        Assert.Equal("15", Client.Run("static class Triples { extension(int n) { public int Triple => 3 * n; } }\n5.Triple").Result);

    [Fact]
    public void Their_errors_point_into_the_cell()
    {
        var cell = Client.Run("var fine = 1;\n  static class Wrong { public static int Bad(this int n) => missing; }");
        Assert.StartsWith($"cell {cell.Count} 2:61  CS0103: The name 'missing' does not exist in the current context\n  ", cell.Trace);
        var thrown = Client.Run("static class Thrower\n{\n    public static int Fail(this int n) => throw new FormatException(\"x\");\n}\n1.Fail()");
        Assert.Equal($"FormatException: x\n   at Thrower.Fail(Int32 n) in cell {thrown.Count}, line 3\n   at cell {thrown.Count}, line 5", thrown.Trace);
    }

    [Fact]
    public void What_they_cannot_see_is_said()
    {
        Client.Run("record Elsewhere(int N);");
        Assert.EndsWith("not what other cells declare.", Client.Run("static class Sees { public static int N(this Elsewhere e) => e.N; }").Trace);
    }
}
