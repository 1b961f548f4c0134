using System.Collections;
using System.Reflection;
using SaeNotebooks.Controls;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;

namespace SaeNotebooks.Cli.Tests;

/// <summary>
/// Every public type that a cell can have as its value either draws itself, or is a card: its public properties under its name in words. Or it stands
/// here with the reason why it needs neither.
/// </summary>
public class DisplayCoverageTests
{
    private static readonly Assembly[] Assemblies =
        [typeof(Workbench).Assembly, typeof(Training.Saes.Learning.SaeTraining).Assembly, typeof(Translation.Switch.SwitchReport).Assembly, typeof(Harvest.Harvester).Assembly];

    private static readonly Dictionary<Type, string> Explained = new()
    {
        [typeof(Values)] = "hosts show a list of numbers as such",
        [typeof(Control<>)] = "an argument of Interactive, which shows it with its result",
    };

    private static IEnumerable<Type> Candidates => Assemblies.SelectMany(a => a.GetExportedTypes())
        .Where(t => !t.IsEnum && !(t.IsAbstract && t.IsSealed) && !typeof(Exception).IsAssignableFrom(t) && !typeof(Delegate).IsAssignableFrom(t) && !typeof(Attribute).IsAssignableFrom(t));

    [Fact]
    public void EveryPublicTypeShowsItself()
    {
        var bare = Candidates.Where(t => !typeof(IDisplayable).IsAssignableFrom(t) && !PropertyCard.Covers(t));
        Assert.Equal(Explained.Keys.Select(t => t.FullName).Order(), bare.Select(t => t.FullName).Order());
    }

    [Fact]
    public void WhatDrawsItselfAlsoSaysItself()
    {
        var silent = Candidates.Where(t => typeof(IDisplayable).IsAssignableFrom(t) && !t.IsInterface && !t.IsAbstract && !Words.SaysItself(t));
        Assert.Empty(silent.Select(t => t.FullName));
    }

    [Fact]
    public void ListsThatAreNoCollectionsOfTheLanguageDrawThemselves() =>
        Assert.All(Candidates.Where(t => typeof(IEnumerable).IsAssignableFrom(t)), t => Assert.True(typeof(IDisplayable).IsAssignableFrom(t) || Explained.ContainsKey(t), t.FullName));
}
